// The two fields that a delivery puts on top of a message.

/**
 * Return-Path (RFC 5321 §4.4: whoever makes the final delivery writes MAIL FROM there) and Delivered-To (the address of RCPT TO, as
 * Postfix and Dovecot write it). No address that was accepted has control characters, or is too long for a line.
 */
export function traceFields(sender: string, recipient: string): Buffer {
  return Buffer.from(`Return-Path: <${sender}>\r\nDelivered-To: ${recipient}\r\n`);
}
