import { wordsOf } from '@hongmi/ui/language.ts';

export const receiptWords = wordsOf({
  zh: {
    title: '账本凭证',
    recordedAt: '记账时间',
    place: '位置',
    at: (shard: string, block: string, place: string) =>
      `分片 ${shard}，区块 ${block}，第 ${place} 条`,
    hash: '区块哈希',
    about: '保存这份凭证，日后可凭它核对：这笔积分那时就在账本里，没有被改过。',
    save: '保存凭证',
  },
  en: {
    title: 'Receipt of the ledger',
    recordedAt: 'Written down',
    place: 'Place',
    at: (shard: string, block: string, place: string) => `shard ${shard}, block ${block}, ${place}`,
    hash: 'Hash of the block',
    about:
      'Keep it, and it can be checked later that these points stood in the ledger then, and that nobody changed it since.',
    save: 'Save the receipt',
  },
});
