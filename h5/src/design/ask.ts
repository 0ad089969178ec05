import type { DialogConfirmProps } from 'antd-mobile';

/** Asks before what cannot be taken back. What puts dialogs on the screen, 25 kB, is fetched when the first one opens. */
export async function ask(asked: DialogConfirmProps): Promise<boolean> {
  const { confirm } = await import('./confirm.ts');
  return confirm(asked);
}
