// A receipt says where in the ledger an answer stands. Whoever kept it computes the chain again and sees whether it still does.
import { followChain, genesis, verifyBlock, verifyReceipt } from '@hongmi/sdk/verify';
import { openShop } from './shop.ts';

const { hongmi, programme, merchantId } = await openShop('receipt');

const { id: memberId } = await hongmi.createMember({ programme, merchantId });
const { receipt } = await hongmi.createOrder({
  merchantId,
  memberId,
  orderNo: '1',
  paidAt: '2027-06-01T09:00:00+08:00',
  lines: [{ lineNo: 1, sku: 'hami', category: 'melon', quantity: 1, amountFen: 4_000 }],
});
if (receipt === undefined) throw new Error('what gives points has a receipt');
const { shard } = receipt;

// Every hash is computed here, from the first block on: the server's word is not taken for any of them.
const { ledgerId, shards } = await hongmi.listShards();
let tip = genesis({ ledgerId, shards: shards.length }, shard);
for await (const block of followChain((after) => hongmi.readChain({ shard, after }))) {
  const { findings, tip: next } = verifyBlock(block, tip);
  if (findings.length > 0) throw new Error(`block ${block.number}: ${findings[0]?.code}`);
  tip = next;
  if (block.number !== receipt.block) continue;
  const flaws = verifyReceipt(receipt, block, shard);
  const forged = verifyReceipt({ ...receipt, hash: '0'.repeat(64) }, block, shard);
  console.log(flaws.length === 0 ? 'the receipt stands in the chain' : 'it was rewritten');
  console.log(`another one: ${forged[0]?.code}`);
  break;
}
