import { parseArgs } from 'node:util';
import { usage } from './failure.ts';
import type { Arguments, Command } from './shell.ts';

/** Finds the command that the first words name, the longest name first. */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { command: Command; rest: readonly string[] } | undefined {
  const named = commands.map((command) => ({ command, name: command.name.split(' ') }));
  named.sort((a, b) => b.name.length - a.name.length);
  const found = named.find(({ name }) => name.every((word, index) => words[index] === word));
  return found && { command: found.command, rest: words.slice(found.name.length) };
}

/** Reads a command's arguments strictly; whatever it does not know is an error. */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const { name, positionals: wanted, options = [], flags = [] } = command;
  const known = {
    ...Object.fromEntries(options.map((option) => [option, { type: 'string' as const }])),
    ...Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' as const }])),
    help: { type: 'boolean' as const, short: 'h' },
  };
  const { values, positionals } = parseStrictly(name, words, known);
  const missing = wanted[positionals.length];
  const help = values.help === true;
  if (missing !== undefined && !help)
    throw usage('argument_missing', { name: missing, command: name });
  const extra = positionals[wanted.length];
  if (extra !== undefined && command.more !== true)
    throw usage('argument_extra', { value: extra, command: name });
  const given = Object.entries(values);
  return {
    positionals,
    options: Object.fromEntries(
      given.filter((each): each is [string, string] => typeof each[1] === 'string'),
    ),
    flags: new Set(given.filter(([, value]) => value === true).map(([flag]) => flag)),
  };
}

function parseStrictly(
  command: string,
  words: readonly string[],
  options: Record<string, { type: 'string' | 'boolean'; short?: string }>,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // parseArgs says it in English only, and explains itself more than us.
    const name = /'(-[^' ,<]+)/.exec(message)?.[1] ?? '';
    const isUnknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    throw usage(isUnknown ? 'option_unknown' : 'option_value', { name, command });
  }
}

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 10_000;

/** The value of --limit. */
export function limitOf(command: string, { options }: Arguments): number {
  const given = options.limit;
  if (given === undefined) return LIMIT_DEFAULT;
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw usage('option_bad', { detail: `--limit 1–${LIMIT_MAX}.`, command });
}
