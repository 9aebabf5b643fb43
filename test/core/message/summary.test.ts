import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { COMMON_FIELDS } from '../../../services/core/message/common-fields';
import { headerFields } from '../../../services/core/message/header';
import { decodeSummary, encodeSummary, SUMMARY_BYTES_MAX, type Summary } from '../../../services/core/message/summary';
import { SUMMARY_DICTIONARY } from '../../../services/core/message/summary-dictionary';
import { Damaged } from '../../../services/core/runtime/errors';
import { bytesOf, crlf, partsOf, scan } from './scan';

const summaryOf = (message: Uint8Array): Summary => {
  const { structure, envelope, commonFields, preview } = scan(message);
  return { structure, envelope, commonFields, preview };
};

const ORDINARY = crlf(`Received: from mail.example.net (mail.example.net [192.0.2.1]) by mx.example.org; Tue, 11 Nov 2025 14:22:04 -0500
From: "Accounting" <invoices@acme-widgets.com>
To: b.anders@contoso.org
Cc: finance@contoso.org
Subject: =?UTF-8?Q?Rechnung_2025-11834_f=C3=BCr_November?=
Date: Tue, 11 Nov 2025 14:22:01 -0500
Message-ID: <a8d7f6e5-1c2b-4e3d-9f8a-7b6c5d4e3f2a@acme-widgets.com>
References: <20251110.1@contoso.org> <20251111.2@contoso.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="----=_NextPart_000_0123_01D9A1B2.C3D4E5F6"

------=_NextPart_000_0123_01D9A1B2.C3D4E5F6
Content-Type: multipart/alternative; boundary="----=_NextPart_001_0124_01D9A1B2.C3D4E5F6"

------=_NextPart_001_0124_01D9A1B2.C3D4E5F6
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Dear customer, please find attached our invoice f=C3=BCr November.
------=_NextPart_001_0124_01D9A1B2.C3D4E5F6
Content-Type: text/html; charset="utf-8"

<p>Dear customer</p>
------=_NextPart_001_0124_01D9A1B2.C3D4E5F6--
------=_NextPart_000_0123_01D9A1B2.C3D4E5F6
Content-Type: application/pdf; name="invoice-2025-11834.pdf"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="invoice-2025-11834.pdf"
Content-ID: <1@acme-widgets.com>

JVBERi0xLjQ=
------=_NextPart_000_0123_01D9A1B2.C3D4E5F6--
`);

describe('a summary', () => {
  test('comes back as it was', () => {
    expect(decodeSummary(encodeSummary(scan(ORDINARY)))).toEqual(summaryOf(ORDINARY));
  });

  test('of ordinary mail is below 500 octets', () => {
    expect(encodeSummary(scan(ORDINARY)).length).toBeLessThan(500);
  });

  test('of any message comes back as it was', () => {
    const line = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=b\r\n', 'Content-Type: message/rfc822\r\n\r\n', '--b\r\n', '--b--\r\n', '\r\n', 'text\r\n', 'From: \xc3\xa9 <a@b>, g: c@d;\r\n', 'Sender: s@b\r\n', 'Subject: \xff\0\r\n',
      'Content-Disposition: attachment; filename=x\r\n', 'Content-Language: en, de\r\n', 'Content-Location: y\r\n', 'Content-MD5: z\r\n', 'Content-ID: <1>\r\n', 'Content-Description: d\r\n', 'Content-Disposition: inline\r\n',
    );
    fc.assert(fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const message = bytesOf(lines.join(''));
      expect(decodeSummary(encodeSummary(scan(message)))).toEqual(summaryOf(message));
    }), { numRuns: 500 });
  });

  test('of the deepest message comes back as it was', () => {
    for (const unit of ['Content-Type: message/rfc822\n\n', 'Content-Type: multipart/mixed; boundary=b\n\n--b\n']) {
      const message = crlf(unit.repeat(200));
      expect(decodeSummary(encodeSummary(scan(message)))).toEqual(summaryOf(message));
    }
  });

  test('answers HEADER.FIELDS as the message does', () => {
    const { commonFields } = decodeSummary(encodeSummary(scan(ORDINARY)));
    for (const names of [['subject', 'from'], ['date', 'to', 'cc', 'references', 'x-priority'], [...COMMON_FIELDS]]) {
      expect(headerFields(commonFields!, names, false)).toEqual(headerFields(ORDINARY, names, false));
    }
  });

  test('leaves common fields out if they are long', () => {
    expect(scan(crlf(`To: ${'someone@example.com,\n '.repeat(1_000)}x@y\n\n`)).commonFields).toBeNull();
  });

  test('with any octet changed, added or missing is damaged', () => {
    const encoded = encodeSummary(scan(ORDINARY));
    for (let at = 0; at < encoded.length; at++) {
      const changed = encoded.slice();
      changed[at]! ^= 1 << at % 8;
      expect(() => decodeSummary(changed)).toThrow(Damaged);
      expect(() => decodeSummary(encoded.subarray(0, at))).toThrow(Damaged);
    }
    expect(() => decodeSummary(Buffer.concat([encoded, Buffer.of(0)]))).toThrow(Damaged);
  });

  test('the dictionary never changes', () => {
    expect(createHash('sha256').update(SUMMARY_DICTIONARY).digest('hex')).toBe('766fc4cd9f708327a724db1a107065c990b49c12b75555175fcc6f6b204dda0a');
  });

  test('a summary stored by the first format is still read', () => {
    const stored = Buffer.from('Ad/KlNidVstKw0AUTXUXzM4PGLpQhCbtzaMvWu3LLl24FCSkk0nNoomkD/+jFErxAyy6UERcCQbEhWA/oH8jkzZN06e6nuHcO/fcOef0Bsxo53C0e7BIizcaJiBnfLTCnRMgSmoCKpkilEShLFXkU6WadLsD/nIUqa/hczswUGB5FXCfvyhtmj+zwFU/HtsPOJmWDl+5jX9/7T0upFZ/r7re9r2aVsc2MaE5XOEB0pJMU2135Vauuey6LzkoaLhB+BtTr5PWJCIM3j0JAfBlSUEgZ0Uxm4CJXI4hMMZzgq+stlVXA2jVyJelfKnsqGd2hzRqxDnJ94bTFppPi/XuixjbbatlWnWXYXrDmqBRf2k+YNtq2U2bepDrjlM5La2njCRReMBijZeJpPMZI63xqVoSK7pMJEPUll/j9u4M06IhPQz4GXmuOnYji6JB/SjK+W0uA3EstRa/u8IcGMdSw5lWCR/MUsqfJ8axc3K+nguOnel7JYv+OSOODRksLQMACQHmH3M8OwBBDB1w7Fad3uAhv/7DUY4dH3vihNvNlt0gTgxdT2TIMC0dTTaf6IgK0ZRHZHy8OcifqvAD', 'base64');
    expect(decodeSummary(stored)).toEqual(summaryOf(ORDINARY));
  });
});

const addresses = (count: number): string => Array.from({ length: count }, (_, index) => `"${'n'.repeat(60)}${index}" <${index}@${'h'.repeat(30)}.example>`).join(',\n ');

/** The deflated octets are below the packed ones, whose limit is checked where they are inflated. */
const reencoded = (message: Uint8Array): Summary => {
  const encoded = encodeSummary(scan(message));
  expect(encoded.length).toBeLessThan(SUMMARY_BYTES_MAX + 1_000);
  return decodeSummary(encoded);
};

const long = (name: string): string => `${name}: ${'\xe9'.repeat(20_000)}\n`;
const list = (name: string): string => `${name}: ${Array.from({ length: 150 }, () => `"${'\xe9'.repeat(300)}" <@${'\xe9'.repeat(100)}:${'\xe9'.repeat(100)}@${'\xe9'.repeat(100)}>`).join(', ')}\n`;

describe('a summary of hostile mail', () => {
  test('with many parts keeps them all', () => {
    const message = crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: image/png; name=x.png\n\nx\n'.repeat(3_000)}--b--\n`);
    expect(reencoded(message)).toEqual(summaryOf(message));
  });

  test('with too many addresses cuts lists, closes cut groups and keeps the structure', () => {
    const message = crlf(`To: g:${addresses(2_500)};\nCc: ${addresses(2_500)}\nFrom: a@b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n`);
    const { envelope, structure, commonFields } = reencoded(message);
    expect(commonFields).toBeNull();
    expect(structure).toEqual(scan(message).structure);
    expect(envelope.to).toHaveLength(101);
    expect(envelope.to.at(-1)).toEqual({ name: null, route: null, mailbox: null, host: null });
    expect(envelope.cc).toEqual(scan(message).envelope.cc.slice(0, 100));
    expect(envelope.sender).toEqual(envelope.from);
  });

  test('with a huge subject cuts it', () => {
    const { envelope } = reencoded(crlf(`Subject: ${'s'.repeat(400_000)}\nFrom: a@b\n\nx`));
    expect(envelope.subject).toBe('s'.repeat(1_000));
  });

  test('with too many long parts is one opaque part', () => {
    const message = crlf(`Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n${`--b\nContent-Description: ${'\xe9'.repeat(80)}\n\nx\n`.repeat(9_000)}--b--\n`);
    const { structure, envelope } = reencoded(message);
    const { headerStart, bodyStart, bodyEnd } = scan(message).structure;
    expect(structure).toMatchObject({ headerStart, bodyStart, bodyEnd, type: 'application', subtype: 'octet-stream', children: [], message: null });
    expect(envelope.subject).toBe('x');
  });

  test('fits, whatever is long in it', () => {
    const message = crlf(`${['Subject', 'Date', 'In-Reply-To', 'Message-ID', 'Content-ID', 'Content-Description', 'Content-MD5', 'Content-Location', 'Content-Transfer-Encoding'].map(long).join('')}${
      ['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc'].map(list).join('')}Content-Type: \xe9${'\xe9'.repeat(5_000)}/x; ${`a=${'\xe9'.repeat(200)}; `.repeat(200)}\nContent-Disposition: x; ${`a=${'\xe9'.repeat(200)}; `.repeat(200)}\n\nx`);
    const summary = reencoded(message);
    expect([...partsOf(summary.structure)]).toHaveLength(1);
  });
});
