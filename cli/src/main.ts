import { text } from 'node:stream/consumers';
import { NoAnswerError, ProblemError } from '@hongmi/sdk';
import { findCommand, readArguments } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { findServer } from './connect.ts';
import { EXIT_REFUSED, Failure, usage } from './failure.ts';
import { helpOf, overview } from './help.ts';
import { languageOf, speaker } from './messages.ts';
import { createProgress } from './progress.ts';
import type { Command, Shell } from './shell.ts';

/** Runs one command of the process's own arguments and sets the exit code: 0 done, 1 refused or failed, 2 usage. */
export async function main(words: readonly string[]): Promise<void> {
  // Of results piped into `head` the rest is not wanted; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await runCommand(words, processShell());
}

/** Runs one command; failures are told on stderr and answered as an exit code. */
export async function runCommand(given: readonly string[], around: Shell): Promise<number> {
  const { words, shell } = inLanguage(given, around);
  const language = languageOf(shell.env);
  const isJson = words.includes('--json');
  try {
    const [first] = words;
    if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
      return help(words.slice(1), shell);
    }
    const found = findCommand(COMMANDS, words);
    if (found === undefined) {
      const names = words.filter((word) => !word.startsWith('-'));
      if (names.length < words.length && isGroup(names)) return help(names, shell);
      throw usage('command_unknown', { command: names.slice(0, 2).join(' ') });
    }
    const args = readArguments(found.command, found.rest);
    if (args.flags.has('help')) {
      shell.out(helpOf(found.command, language));
      return 0;
    }
    return (await found.command.run(args, shell)) ?? 0;
  } catch (error) {
    const told = await tell(error, shell);
    if (told === undefined) throw error;
    shell.err(
      isJson
        ? `${JSON.stringify({ error: { code: told.code, message: told.message } })}\n`
        : `${told.message}\n`,
    );
    return told.exitCode;
  } finally {
    shell.endProgress();
  }
}

/** `--lang en|zh` stands before the locale, with every command. */
function inLanguage(
  words: readonly string[],
  shell: Shell,
): { words: readonly string[]; shell: Shell } {
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const word = words[at];
  if (word === undefined) return { words, shell };
  const [, inWord] = word.split('=', 2);
  const language = inWord ?? words[at + 1];
  if (language !== 'en' && language !== 'zh') return { words, shell };
  const rest = words.toSpliced(at, inWord === undefined ? 2 : 1);
  const env = { ...shell.env, LC_ALL: language };
  return { words: rest, shell: { ...shell, env, say: speaker(language) } };
}

/** Tells one command, or lists those whose names begin with the words. */
function help(words: readonly string[], shell: Shell): number {
  const language = languageOf(shell.env);
  const found = findCommand(COMMANDS, words);
  if (found === undefined && !isGroup(words))
    throw usage('command_unknown', { command: words.slice(0, 2).join(' ') });
  shell.out(
    found === undefined
      ? overview(
          COMMANDS.filter((command) => isIn(command, words)),
          language,
        )
      : helpOf(found.command, language),
  );
  return 0;
}

function isGroup(words: readonly string[]): boolean {
  return COMMANDS.some((command) => isIn(command, words));
}

function isIn({ name }: Command, words: readonly string[]): boolean {
  const parts = name.split(' ');
  return words.every((word, index) => parts[index] === word);
}

/** An expected failure in the caller's language; undefined for a bug. */
async function tell(
  error: unknown,
  shell: Shell,
): Promise<{ code: string; message: string; exitCode: number } | undefined> {
  const { say } = shell;
  if (error instanceof Failure) {
    return { code: error.code, message: say(error.code, error.facts), exitCode: error.exitCode };
  }
  if (error instanceof ProblemError) {
    const { code, problem } = error;
    const facts = { detail: problem.detail, code };
    const isKey = code === 'unauthenticated' || code === 'scope_missing';
    const from = isKey ? (await findServer(shell).catch(() => undefined))?.keyFrom : undefined;
    const message =
      from === undefined ? say('refused', facts) : say('refused_key', { ...facts, from });
    return { code, message, exitCode: EXIT_REFUSED };
  }
  if (error instanceof NoAnswerError) {
    const cause = error.cause instanceof Error ? (error.cause.cause ?? error.cause) : error.cause;
    const detail =
      cause instanceof Error ? ('code' in cause && String(cause.code)) || cause.message : '';
    const message = say('server_silent', { url: new URL(error.url).origin, detail });
    return { code: 'server_silent', message, exitCode: EXIT_REFUSED };
  }
  return undefined;
}

function processShell(): Shell {
  const { env } = process;
  const progress = createProgress(process.stderr);
  return {
    env,
    // npm runs scripts in the repository's root, wherever it was called.
    here: env.npm_lifecycle_event === undefined ? process.cwd() : (env.INIT_CWD ?? process.cwd()),
    home: process.cwd(),
    say: speaker(languageOf(env)),
    input: () => text(process.stdin),
    out: (text) => void process.stdout.write(text),
    err: (text) => {
      progress.end();
      process.stderr.write(text);
    },
    progress: progress.show,
    endProgress: progress.end,
  };
}
