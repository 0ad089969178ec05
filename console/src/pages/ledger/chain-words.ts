import { wordsOf } from '@hongmi/ui/language.ts';

// What the numbers of the chain mean (docs/ledger.md), and what can be wrong with it, in words for people.

const KINDS_ZH = `发放 使用 冻结 使用冻结 解冻 过期 生效 退货收回 退还 调整 转出 转入 转出退回 兑换 切点 追收`;
const KINDS_EN = `Issue|Use|Hold|Use of a hold|Release|Expiry|Maturing|Return|Refund|Correction|Sent away|Received|Sent back|Conversion|Cut|Claw-back`;
const ENTRIES_ZH = `发放 使用 冻结 解冻 使用冻结 过期 生效 收回 过期后收回 记为欠分 偿还欠分 退还 延期 透支`;
const ENTRIES_EN = `issued|used|held|released|used of a hold|expired|matured|taken back|taken back after expiry|owed|debt repaid|given back|extended|overdrawn`;
const ROLES_ZH = `无 会员 冻结 欠分 发行方 受理方 过期 调整 在途 兑换`;
const ROLES_EN = `none|member|held|debt|issuer|acquirer|expired|correction|in transit|conversion`;
const SOURCES_ZH = `无 订单 退货单 转赠 合并转移 活动 兑换`;
const SOURCES_EN = `none|order|return|gift|merge|activity|redemption`;

export const chainWords = wordsOf({
  zh: {
    kind: (number: number) => KINDS_ZH.split(' ')[number - 1] ?? `第 ${number} 种`,
    entry: (number: number) => ENTRIES_ZH.split(' ')[number - 1] ?? `第 ${number} 种`,
    role: (number: number) => ROLES_ZH.split(' ')[number] ?? `第 ${number} 种`,
    source: (number: number) => SOURCES_ZH.split(' ')[number] ?? `第 ${number} 种`,
  },
  en: {
    kind: (number: number) => KINDS_EN.split('|')[number - 1] ?? `kind ${number}`,
    entry: (number: number) => ENTRIES_EN.split('|')[number - 1] ?? `kind ${number}`,
    role: (number: number) => ROLES_EN.split('|')[number] ?? `role ${number}`,
    source: (number: number) => SOURCES_EN.split('|')[number] ?? `source ${number}`,
  },
});

/** By the codes of `@hongmi/sdk/verify`; its type keeps both languages complete. */
export const findingWords = wordsOf({
  zh: {
    block_unreadable: '区块里有链不可能存放的内容',
    block_missing: '前面的区块不见了',
    block_link: '没有接在前一个区块之后',
    block_hash: '区块的内容算不出它的哈希',
    block_time: '记录时间早于前一个区块',
    merkle_root: '交易算不出区块的默克尔根',
    leaf_count: '交易的笔数与区块所说的不同',
    leaf_missing: '交易不见了，或无法读取',
    leaf_unreadable: '交易里有链不可能存放的内容',
    leaf_hash: '交易的内容算不出它的哈希：它被改动过',
    entry_numbers: '分录的编号没有接上',
    sealed_otherwise: '封印时这里是另一个区块：链被重写过',
    sealed_missing: '封印时还在的区块不见了：链的末尾被截断',
    receipt_otherwise: '回执所说的与链上的不同',
    seal_unreadable: '封印里有不可能的内容',
    seal_root: '各链头算不出封印的根',
    seal_hash: '封印的内容算不出它的哈希',
    seal_signature: '封印的签名不对',
    seal_key: '封印不是由此时可信的密钥签的',
    seal_link: '没有接在前一个封印之后',
    key_unreadable: '密钥与它的编号不符',
    key_introduction: '没有由前一把密钥引荐',
    key_order: '密钥的次序不对',
    proof_unreadable: '这不是本账本的证明',
    proof_path: '交易沿路径得不出区块的默克尔根',
    proof_blocks: '区块没有一个接一个',
    proof_head: '最后的区块得不出封印的根',
    proof_unsealed: '还没有封印覆盖它：一分钟后再看',
  },
  en: {
    block_unreadable: 'The block holds what no chain can hold',
    block_missing: 'Blocks before it are missing',
    block_link: 'It does not follow the block before it',
    block_hash: 'What the block says does not hash to its hash',
    block_time: 'It was recorded before the block before it',
    merkle_root: 'Its transactions do not lead to its Merkle root',
    leaf_count: 'It has another number of transactions than it says',
    leaf_missing: 'A transaction is missing, or cannot be read',
    leaf_unreadable: 'A transaction holds what no chain can hold',
    leaf_hash: 'A transaction does not hash to its hash: it was changed',
    entry_numbers: 'The numbers of entries do not go on',
    sealed_otherwise: 'Another block was sealed here: the chain was rewritten',
    sealed_missing: 'A block that was sealed is gone: the end of the chain was cut off',
    receipt_otherwise: 'The receipt says something else than the chain',
    seal_unreadable: 'The seal holds what no seal can hold',
    seal_root: 'The heads do not lead to the root of the seal',
    seal_hash: 'What the seal says does not hash to its hash',
    seal_signature: 'The signature of the seal is wrong',
    seal_key: 'The seal was not signed by a key that is trusted for it',
    seal_link: 'It does not follow the seal before it',
    key_unreadable: 'The key is not the one of its id',
    key_introduction: 'The key before it did not introduce it',
    key_order: 'The keys are not in order',
    proof_unreadable: 'This is no proof of this ledger',
    proof_path: 'The transaction does not lead to the Merkle root of its block',
    proof_blocks: 'The blocks do not follow from each other',
    proof_head: 'The last block does not lead to the root of the seal',
    proof_unsealed: 'No seal covers it yet: look again in a minute',
  },
});
