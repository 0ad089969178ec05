/** What is sent; how it reads is agreed with the vendor, who has templates of these names. */
export interface TextMessage {
  /** E.164. */
  readonly phone: string;
  readonly template: 'member_sign_in_code';
  /** What stands in the template's places. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Whoever sends text messages: the port that vendors are plugged into (docs/member-sign-in.md). `send` is done when the vendor
 * has taken it on, and throws when not; nothing waits for it, and nothing is sent twice.
 */
export interface Sms {
  send(message: TextMessage): Promise<void>;
}

/** For development and the demo: writes the message where whoever started the server reads it, and nowhere else. */
export function createConsoleSms(write: (line: string) => void): Sms {
  return {
    async send({ phone, template, params }) {
      const said = Object.entries(params).map(([name, value]) => `${name}=${value}`);
      write(`SMS to ${phone}: ${template} ${said.join(' ')}\n`);
    },
  };
}
