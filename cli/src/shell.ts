import type { Say } from './messages.ts';

/** What a command may touch of the world around it. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths of files are relative to. */
  readonly here: string;
  /** What a relative data directory is relative to: where `npm start` runs the server. */
  readonly home: string;
  readonly say: Say;
  /** All that is piped in. */
  input(): Promise<string>;
  /** Results: tables, or one JSON document. */
  out(text: string): void;
  /** Everything that is not a result. */
  err(text: string): void;
  /** Shows what part of a step is done, 0–1, where someone is watching. */
  progress(label: string, done: number): void;
  endProgress(): void;
}

/** The arguments of a command, as typed. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly flags: ReadonlySet<string>;
}

export interface Command {
  /** How it is called: `members find`. */
  readonly name: string;
  /** What follows the name: `MEMBER [--limit N] [--json]`. */
  readonly usage: string;
  /** Names of its arguments; all are needed. */
  readonly positionals: readonly string[];
  /** Whether more may follow them. */
  readonly more?: true;
  /** Options with a value. */
  readonly options?: readonly string[];
  readonly flags?: readonly string[];
  /** Its help, in every language: the first line is its summary. */
  readonly help: Readonly<Record<'en' | 'zh', string>>;
  /** The exit code, when it is not 0. */
  run(args: Arguments, shell: Shell): Promise<number | undefined>;
}
