import { Dialog } from 'antd-mobile';

/** Fetched by ask.ts alone. */
export const confirm = Dialog.confirm;
