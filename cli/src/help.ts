import type { Language } from './messages.ts';
import type { Command } from './shell.ts';
import { displayWidth } from './table.ts';

const ABOUT = {
  en: [
    'hongmi: loyalty points on a ledger anyone can verify',
    'Finds the server by HONGMI_URL and HONGMI_KEY, and without them the one running from this folder\n(HONGMI_DATA_DIR, or .data). Exit codes: 0 done, 1 refused or failed, 2 wrong usage or file.',
    'hongmi help COMMAND tells more; --lang en|zh, with any command, chooses the language.',
  ],
  zh: [
    'hongmi：人人可核验的积分账本',
    '用 HONGMI_URL 和 HONGMI_KEY 找到服务；没有设置时，用本目录（HONGMI_DATA_DIR 或 .data）正在运行的服务。\n退出码：0 完成，1 被拒或失败，2 用法或文件有误。',
    'hongmi help 命令 可看详细说明；任何命令都可用 --lang en|zh 选择语言。',
  ],
} as const;

/** Every command with its summary. */
export function overview(commands: readonly Command[], language: Language): string {
  const [title, how, more] = ABOUT[language];
  const calls = commands.map(({ name, positionals }) => [name, ...positionals].join(' '));
  const width = Math.max(...calls.map(displayWidth), 0);
  const lines = commands.map((command, index) => {
    const call = calls[index] ?? '';
    return `  ${call}${' '.repeat(width - displayWidth(call))}  ${summaryOf(command, language)}`;
  });
  return `${title}\n\n${lines.join('\n')}\n\n${how}\n${more}\n`;
}

/** One command, whole. */
export function helpOf(command: Command, language: Language): string {
  return `${`hongmi ${command.name} ${command.usage}`.trimEnd()}\n\n${command.help[language]}\n`;
}

function summaryOf({ help }: Command, language: Language): string {
  return help[language].split('\n')[0] ?? '';
}
