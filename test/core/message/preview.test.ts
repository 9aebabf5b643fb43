import { crlf, scan } from './scan';

const preview = (source: string, cuts: readonly number[] = []): string => scan(crlf(source), cuts).preview;

describe('a preview', () => {
  test.each<[string, string, string]>([
    ['is the first words of a plain message', 'A: b\n\nHello\n  world\n', 'Hello world'],
    ['is empty where there is no text', 'Content-Type: image/png\n\nx', ''],
    ['is empty for an empty text', 'A: b\n\n \n', ''],
    ['is decoded', 'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ncaf=E9', 'café'],
    ['does not show tags, styles, scripts or comments', 'Content-Type: text/html\n\n<head><title>t</title></head><style>a{}</style><!-- c --><p>Hello&nbsp;<b>w</b>&ouml;rld &amp; &#x41;&#66;</p><script>x', 'Hello w &ouml;rld & AB'],
    ['does not show invisible characters', 'Content-Type: text/plain; charset=utf-8\n\na\xe2\x80\x8bb\xe2\x80\x8c \xcd\x8f c', 'ab c'],
    ['prefers plain text to HTML', 'Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\nhtml\n--b\n\nplain\n--b--', 'plain'],
    ['takes HTML where plain text is empty', 'Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\nhtml\n--b--', 'html'],
    ['passes over attachments', 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment\n\nno\n--b\n\nyes\n--b--', 'yes'],
    ['does not hold the delimiter', 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nyes\n--b--', 'yes'],
    ['looks into messages', 'Content-Type: message/rfc822\n\nSubject: x\n\ninside', 'inside'],
    ['is 200 characters long at most, whole ones', `Content-Type: text/plain; charset=utf-8\n\n${Buffer.from('😀'.repeat(300)).toString('latin1')}`, '😀'.repeat(200)],
    ['does not end in half a character', `Content-Type: text/plain; charset=utf-8\n\n${' '.repeat(4_093)}a${Buffer.from('éé').toString('latin1')}`, 'aé'.slice(0, 2)],
  ])('%s', (_, source, expected) => {
    expect(preview(source)).toBe(expected);
    expect(preview(source, Array.from({ length: source.length }, (__, index) => index))).toBe(expected);
  });
});
