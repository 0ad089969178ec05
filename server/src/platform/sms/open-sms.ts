import { createConsoleSms, type Sms } from './sms.ts';

/** Who sends text messages, by the name in the configuration; undefined: nobody. A vendor gets its name here. */
export function openSms(name: 'none' | 'console'): Sms | undefined {
  // Beside the log, never through it: logs are kept and sent elsewhere, and this holds numbers and codes.
  return name === 'console' ? createConsoleSms((line) => process.stderr.write(line)) : undefined;
}
