// The dictionary that summaries are deflated with. Stored summaries need it octet by octet: it is NEVER changed, not even by a space;
// a better one is a new constant and a new format number in summary.ts. What is most common stands last, where matches are cheapest.

const WORDS = [
  'MISSING_MAILBOX', 'MISSING_DOMAIN', 'undisclosed-recipients', 'application/x-zip-compressed', 'application/zip', 'application/xml',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/msword', 'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint', 'application/ms-tnef', 'winmail.dat', 'application/json', 'application/ics', 'invite.ics', 'text/calendar', 'method', 'REQUEST',
  'application/pkcs7-signature', 'application/x-pkcs7-signature', 'smime.p7s', 'micalg', 'sha-256', 'pgp-sha512', 'application/pgp-signature',
  'signature.asc', 'OpenPGP digital signature', 'OpenPGP_signature.asc', 'application/pgp-encrypted', 'application/pgp-keys', 'protocol', 'multipart/signed', 'multipart/encrypted',
  'multipart/report', 'report-type', 'delivery-status', 'disposition-notification', 'message/delivery-status', 'message/disposition-notification',
  'text/rfc822-headers', 'message/rfc822', 'multipart/digest', 'multipart/appledouble', 'x-unix-mode', '0644', 'x-apple-part-url',
  'video/mp4', 'audio/mpeg', 'image/gif', 'image/heic', 'image/svg+xml', 'image/jpeg', 'image/png', 'image001.png', 'image.png', '.jpeg', '.jpg', '.docx', '.xlsx', '.pptx',
  'creation-date', 'modification-date', 'size', 'multipart/related', 'type', 'multipart/alternative', 'start', 'text/html', 'iso-2022-jp', 'gb2312', 'koi8-r', 'windows-1251',
  'windows-1252', 'iso-8859-15', 'iso-8859-1', 'ISO-8859-1', 'us-ascii', 'filename*', "utf-8''", "UTF-8''", 'name*', 'flowed', 'delsp', 'yes', 'format',
  'application/octet-stream', 'application/pdf', '.pdf', 'inline', 'attachment', 'filename', 'name', 'multipart/mixed',
].join('\n');

const FIELDS = [
  'Importance: Normal', 'Importance: high', 'X-Priority: 3 (Normal)', 'X-Priority: 1 (Highest)', 'Priority: urgent', 'Newsgroups: ',
  'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="', 'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha512; boundary="',
  'Content-Type: text/plain; charset=us-ascii\r\n', 'Content-Type: text/plain; charset=UTF-8; format=flowed\r\n', 'Content-Type: text/html; charset="UTF-8"\r\n',
  'Content-Type: multipart/related; boundary="', 'type="multipart/alternative"', 'boundary="----=_NextPart_000_', 'boundary="----=_Part_', 'boundary="Apple-Mail=_', 'boundary="------------', 'boundary="_000_', 'boundary="b1_',
  '.eurprd01.prod.exchangelabs.com', '.namprd01.prod.outlook.com', '_@prod.outlook.com', '@email.amazonses.com>\r\n', '@mail.gmail.com>\r\n', '@github.com>\r\n',
  'Subject: Invitation: ', 'Subject: Undeliverable: ', 'Subject: Automatic reply: ', 'Subject: Your order ', 'Subject: Fwd: ', 'Subject: FW: ', 'Subject: AW: ', 'Subject: WG: ', 'Subject: [', 'Subject: RE: ', 'Subject: Re: ',
  '=?iso-8859-1?Q?', '=?ISO-8859-1?Q?', '=?windows-1252?Q?', '=?utf-8?q?', '=?UTF-8?q?', '=?utf-8?Q?', '=?utf-8?B?', '=?UTF-8?Q?', '=?UTF-8?B?', '?=\r\n =?UTF-8?B?', '?=\r\n =?utf-8?Q?', '?= <',
  'noreply@', 'no-reply@', 'notifications@', 'newsletter@', 'support@', 'info@', 'mailer-daemon@', 'MAILER-DAEMON', 'Mail Delivery System', 'Mail Delivery Subsystem', 'postmaster@',
  'hotmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'gmail.com', 'example.com', '.co.uk', '.org', '.net', '.fr', '.de', '.com>, ',
  'Sender: ', 'Bcc: ', 'List-Post: <mailto:', 'List-Id: <', 'List-ID: ', 'List-Unsubscribe: <mailto:', 'unsubscribe', 'List-Unsubscribe: <https://', 'References: <', '>\r\n <', '>\r\n\t<', 'In-Reply-To: <', 'Reply-To: ', 'Cc: ', 'CC: ',
  ' (UTC)', ' (CET)', ' (PST)', ' GMT', ' -0800', ' -0700', ' -0500', ' -0400', ' +0530', ' +0800', ' +0900', ' +0300', ' +0100', ' +0200', ' +0000',
  ' Jan 202', ' Feb 202', ' Mar 202', ' Apr 202', ' May 202', ' Jun 202', ' Jul 202', ' Aug 202', ' Sep 202', ' Oct 202', ' Nov 202', ' Dec 202',
  'Date: Sun, ', 'Date: Sat, ', 'Date: Fri, ', 'Date: Thu, ', 'Date: Wed, ', 'Date: Tue, ', 'Date: Mon, ',
  'Message-Id: <', 'MIME-Version: 1.0\r\n', 'Mime-Version: 1.0\r\n', 'Content-Type: multipart/mixed; boundary="', 'Content-Type: multipart/alternative; boundary="', 'Content-Type: multipart/alternative;\r\n\tboundary="',
  'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n', 'Content-Type: text/plain; charset="utf-8"\r\n',
].join('');

// What a deflated summary holds between its strings: MessagePack's marks, as they follow each other in ordinary mail.
const MARKS = [
  '\xafmultipart/mixed', '\x92\xa8boundary', '\xb5multipart/alternative', '\xa4name', '\xaaattachment\x92\xa8filename', '\xc0\xc0\xc0', '\xa6base64\x00', '\xa6base64',
  '\xb0quoted-printable', '\xa9text/html', '\xaatext/plain\xa47bit', '\xa48bit', '\xa47bit', '\x92\xa7charset\xa8us-ascii', '\x92\xa7charset\xa5UTF-8', '\x92\xa7charset\xa5utf-8',
  '\xaatext/plain\xb0quoted-printable', '\xa9text/html\xb0quoted-printable', '\xaatext/plain', '\xc0\xc0',
  'Hello ', 'Hi ', 'Dear ', 'Hallo ', 'Thank you for your ', 'Thanks ', 'Please ', ' wrote: > ', ' your ', ' you ', ' and ', ' the ', ' for ', ' with ', ' this ', ' that ', ' is ', ' in ', ' to ', ' of ', 'https://www.', '. ',
].join('');

/** Octets, from U+0000 to U+00FF. */
export const SUMMARY_DICTIONARY: Uint8Array = Buffer.from(`${WORDS}\n${FIELDS}${MARKS}`, 'latin1');
