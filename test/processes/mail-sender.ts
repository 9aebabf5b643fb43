// A mail server that delivers over LMTP: it sends the same message again until it is taken, as RFC 5321 §4.5.4.1 asks of it.
import { createTransport } from 'nodemailer';
import { promisedInbox, type Promised } from './promised';

export class MailSender {
  readonly promises: Promised[] = [];
  private isStopping = false;

  constructor(
    private readonly port: number,
    private readonly recipient: string,
    private readonly onAcknowledged: () => void,
  ) {}

  /** Delivers one message after the other until stop(). */
  async work(): Promise<void> {
    while (!this.isStopping) await this.deliver();
  }

  stop(): void {
    this.isStopping = true;
  }

  private async deliver(): Promise<void> {
    const messageId = `<lmtp.${this.promises.length}@test.example>`;
    const promised = promisedInbox(messageId);
    this.promises.push(promised);
    const raw = `Received: by mta.test.example\r\nMessage-ID: ${messageId}\r\nSubject: delivered\r\n\r\n${'line\r\n'.repeat(20)}`;
    while (promised.append === 'unknown' && !this.isStopping) {
      const transport = createTransport({ host: '127.0.0.1', port: this.port, lmtp: true, secure: false, ignoreTLS: true });
      try {
        await transport.sendMail({ envelope: { from: 'sender@test.example', to: this.recipient }, raw });
        promised.append = 'acknowledged';
        this.onAcknowledged();
      } catch (error) {
        // A connection that breaks is what these tests are about; a refusal for good is not.
        if (((error as { responseCode?: number }).responseCode ?? 0) >= 500) throw error;
      } finally {
        transport.close();
      }
    }
  }
}
