#!/usr/bin/env python3
"""Checks an answer of GET /v1/ledger/proofs/{transaction} as docs/ledger.md describes it, with verify.py beside it.

python3 verify_proof.py PROOF.json PUBLIC_KEY_HEX     exit code 0: it holds; 1: it does not; 2: wrong usage
"""
import json, sys
from verify import i64, seal_bytes, sha, signed, u16, uid, unhex

number = lambda data: int.from_bytes(data, "big")


def climb(node, index, count, path):
    """The root of a tree of `count` leaves that an audit path leads to (RFC 6962); None when its length is wrong."""
    last = count - 1
    for beside in map(unhex, path):
        if last <= 0:
            return None
        while index == last and index & 1 == 0:  # without a neighbour it goes up as it is
            index, last = index >> 1, last >> 1
        node = sha(b"\1" + (beside + node if index & 1 else node + beside))
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def verify_proof(p, public):
    """The leaf leads to its block, the block over later ones to a head, the head to a seal, the seal to the key."""
    leaf, blocks, s = unhex(p["leaf"]), [unhex(block) for block in p["blocks"]], p["seal"]
    first, last = blocks[0], blocks[-1]
    shard, block, count = number(first[2:4]), number(first[4:12]), number(first[84:88])
    for place, header in enumerate(blocks):
        if len(header) != 100 or header[:12] != b"\2\1" + u16(shard) + i64(block + place):
            return "it is no proof"
        if place > 0 and header[12:44] != sha(blocks[place - 1]):
            return "its blocks do not follow from each other"
    if leaf[:2] != b"\0\1" or not 0 <= p["position"] < count:
        return "it is no proof"
    if climb(sha(leaf), p["position"], count, p["path"]) != first[52:84]:
        return "its transaction does not lead to the Merkle root of its block"
    if s is None:
        return "no seal covers it yet: ask again in a minute"
    head = sha(b"\4\1" + last[2:12] + sha(last))
    if shard >= p["shards"] or climb(head, shard, p["shards"], p["headPath"]) != unhex(s["root"]):
        return "its last block does not lead to the root of the seal"
    body = seal_bytes(uid(p["ledgerId"]), s, p["shards"], unhex(s["root"]))
    if sha(public)[:16].hex() != s["keyId"] or not signed(public, body, unhex(s["signature"])):
        return "its seal is not signed by this key"
    print(f"The proof holds: transaction {leaf[2:18].hex()}, block {block} of shard {shard}, seal {s['number']}.")
    return None


def main(path=None, public=None):
    if public is None:
        print(__doc__.strip())
        return 2
    try:
        with open(path, encoding="utf-8") as file:
            wrong = verify_proof(json.load(file), unhex(public))
    except (ValueError, LookupError, TypeError, OverflowError, OSError) as error:
        wrong = f"it cannot be read: {error!r}"
    if wrong:
        print(f"The proof does NOT hold: {wrong}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
