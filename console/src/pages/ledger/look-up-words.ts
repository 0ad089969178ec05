import { wordsOf } from '@hongmi/ui/language.ts';

export const words = wordsOf({
  zh: {
    title: '查一笔交易',
    about: '输入交易编号，或粘贴回执所在的响应：浏览器会一步步证明这笔交易就在封印过的账本里。',
    asked: '交易编号（txn_…）或含有它的响应',
    look: '查找并证明',
    noId: '没有找到交易编号：它以 txn_ 开头',
    holds: '证明成立',
    fails: '证明不成立',
    waits: '交易在账本里，等待封印',
    notCompared: '公钥还没有与公开的对照：先在“封印”页对照，证明才不依赖这台服务器。',
    receiptSame: '您粘贴的回执与链上一致',
    receiptOther: '您粘贴的回执与链上不一致',
    steps: '证明的步骤',
    leaf: '交易的哈希沿着路径得出它所在区块的默克尔根',
    blocks: (count: string) => `${count} 个区块头一个接一个，直到封印的那个`,
    head: '最后一个区块头得出封印的根',
    seal: '封印的哈希与签名正确',
  },
  en: {
    title: 'Look up a transaction',
    about:
      'By its id, or by an answer with its receipt: your browser proves step by step that it stands in the sealed ledger.',
    asked: 'Id of the transaction (txn_…), or an answer that holds it',
    look: 'Find and prove',
    noId: 'There is no id of a transaction in it: they begin with txn_',
    holds: 'The proof holds',
    fails: 'The proof does not hold',
    waits: 'The transaction stands in the ledger, and waits for a seal',
    notCompared:
      'The public key was not compared with the published one: do that on the page of seals, and the proof does not depend on this server.',
    receiptSame: 'The receipt that you pasted says what the chain says',
    receiptOther: 'The receipt that you pasted says something else than the chain',
    steps: 'Step by step',
    leaf: 'The hash of the transaction leads to the Merkle root of its block',
    blocks: (count: string) =>
      count === '1'
        ? 'Its block is the one that was sealed'
        : `${count} headers of blocks follow from each other, up to the sealed one`,
    head: 'The last header leads to the root of the seal',
    seal: 'The hash and the signature of the seal are right',
  },
});
