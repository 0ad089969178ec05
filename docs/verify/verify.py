#!/usr/bin/env python3
"""A second verifier of an export, written from docs/ledger.md and docs/verify/README.md alone.

python3 verify.py EXPORT[.gz] [SEALS.jsonl PUBLIC_KEY_HEX]     exit code 0: it verifies; 1: it does not
"""
import gzip, hashlib, json, sys
from collections import defaultdict
from datetime import datetime

sha = lambda data: hashlib.sha256(data).digest()
unhex = bytes.fromhex
num = lambda size: lambda value: int(value).to_bytes(size, "big", signed=size == 8)
u8, u16, u32, i64 = num(1), num(2), num(4), num(8)
opt = lambda value: i64(-(2**63) if value is None else value)
uid = lambda value: bytes(16) if value is None else unhex(value.replace("-", ""))
text = lambda value: u16(len(value.encode())) + value.encode()


def root(leaves):  # RFC 6962
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1" + root(leaves[:left]) + root(leaves[left:]))


def leaf(t):
    out = [b"\0\1", uid(t["id"]), u8(t["kind"]), u32(t["programme"]), u32(t["pointType"]), uid(t["member"])]
    out += [opt(t["points"]), opt(t["effectiveAt"]), uid(t["merchant"]), uid(t["subject"]), u8(t["sourceKind"])]
    out += [uid(t["source"]), opt(t["balanceAfter"]), unhex(t["commitment"]), text(t["refusal"]), i64(t["entryFirst"])]
    out.append(u32(len(t["entries"])))
    for kind, points_type, role, owner, to_role, to_owner, points, lot, ref, expires in t["entries"]:
        out += [u8(kind), u32(points_type), u8(role), uid(owner), u8(to_role), uid(to_owner)]
        out += [i64(points), uid(lot), uid(ref), opt(expires)]
    out.append(u16(len(t["lots"])))
    for lot in t["lots"]:
        out += [uid(lot["id"]), uid(lot["issuer"])]
        out += [opt(lot[name]) for name in ("availableAt", "expiresAt", "issued", "amount", "unitCost")]
        out += [uid(lot["ruleVersion"]), unhex(lot["evidence"] or "00" * 32), u16(len(lot["funders"]))]
        out += [uid(merchant) + opt(share) for merchant, share in lot["funders"]]
    return sha(b"".join(out + [u16(len(t["marks"]))] + [text(mark) for mark in t["marks"]]))


def verify(lines, report):
    """Replays an export; answers its ledger id and, for every block of every shard, its hash."""
    header = next(lines)["header"]
    if (header["format"], header["version"]) != ("hongmi-ledger-export", 1):
        raise ValueError("not an export of format 1")
    ledger, shards, hashes, count, line = uid(header["ledgerId"]), header["shards"], {}, 2, next(lines)

    def step():
        nonlocal count
        count += 1
        return next(lines)

    where = ""
    check = lambda ok, what: ok or report(f"{where}: {what}")
    for shard in range(shards):
        tip, number, entries = sha(b"\3\1" + ledger + u16(shards) + u16(shard)), 0, 0
        hashes[shard, 0] = tip
        accounts, lots, others = defaultdict(lambda: [0] * 6), {}, defaultdict(int)
        cuts, holds, debts, counters, sums = (defaultdict(int) for _ in range(5))
        while "block" in line:
            b, leaves, held = line["block"], [], 0
            where = f"shard {shard}, block {b['number']}"
            line = step()
            while "transaction" in line:
                t, line = line["transaction"], step()
                where = f"shard {shard}, block {b['number']}, transaction {t['id']}"
                leaves.append(leaf(t))
                check(leaves[-1].hex() == t["leaf"], "its leaf does not hash to what it says")
                check(t["effectiveAt"] >= cuts[t["programme"]], "it takes effect before a cut that it follows")
                if t["kind"] == 15:
                    cuts[t["programme"]] = t["effectiveAt"]
                check(t["entryFirst"] == entries + held, "its entries do not follow")
                held += len(t["entries"])
                if "opening" in t:
                    o = t["opening"]
                    opened = unhex(o["salt"]) + unhex(o["fingerprint"]) + o["key"].encode() + b"\0"
                    check(sha(opened + (o["detail"] or "").encode()).hex() == t["commitment"], "its commitment")
                made = {lot["id"]: lot for lot in t["lots"]}
                for kind, points_type, role, owner, to_role, to_owner, points, lot, ref, expires in t["entries"]:
                    account = accounts[t["member"], points_type]
                    for side, who, moved in ((role, owner, -points), (to_role, to_owner, points)):
                        if side in (1, 2):
                            account[side - 1] += moved
                        elif side == 3:
                            account[2] -= moved
                        elif side:
                            others[side, who, points_type] += moved
                        if side in (4, 5, 6):  # earned comes from issuers; redeemed, expired go to the others
                            account[side - 1] += -moved if side == 4 else moved
                    check(min(account[:3]) >= 0, "an account falls below zero")
                    if kind == 1 and lot in made:
                        terms = made[lot]
                        lots[lot] = [t["member"], points_type, terms["expiresAt"], 0, 0, 0, 0, terms["amount"]]
                    if kind in (10, 14):
                        debts[lot] += points
                    elif kind == 11:
                        debts[ref] -= points
                    if kind in (11, 14):
                        continue
                    if lot not in lots:
                        check(False, f"its lot {lot} is not there")
                        continue
                    state = lots[lot]
                    check(state[:2] == [t["member"], points_type], f"its lot {lot} is another account's")
                    state[3] += {1: points, 12: points, 2: -points, 5: -points, 6: -points, 8: -points}.get(kind, 0)
                    state[4] += {3: points, 4: -points, 5: -points}.get(kind, 0)
                    state[5] += points if kind == 6 else 0
                    state[6] += points if kind == 9 else 0
                    if kind == 13:
                        state[2] = expires
                    if kind in (3, 4, 5):
                        holds[ref] += points if kind == 3 else -points
                    check(0 <= state[4] <= state[3] <= state[7], f"lot {lot} leaves its bounds")
                own, moves = (t["member"], t["pointType"]), t["kind"] != 15 and not t["refusal"]
                free, pinned, debt = (accounts[own] if moves else accounts.get(own, [0] * 3))[:3]
                check(t["balanceAfter"] == free + pinned - debt, "its balance does not follow from the entries")
                for mark in t["marks"]:
                    if mark.startswith("counter "):  # what a transfer counted comes back with it
                        at, by = (t["member"], mark[8:]), -t["points"] if t["kind"] == 13 else t["points"]
                        counters[at] = max(0, counters[at] + by)
            where = f"shard {shard}, block {b['number']}"
            check(b["shard"] == shard and b["number"] == number + 1, "blocks are missing before it")
            check(unhex(b["previousHash"]) == tip, "it does not name the hash of the block before it")
            check(b["transactions"] == len(leaves) and b["entries"] == held, "transactions or entries are missing")
            check(leaves and root(leaves).hex() == b["merkleRoot"], "its Merkle root")
            head = b"\2\1" + u16(shard) + i64(b["number"]) + unhex(b["previousHash"]) + i64(b["recordedAt"])
            head += unhex(b["merkleRoot"]) + u32(b["transactions"]) + i64(b["entryFirst"]) + u32(b["entries"])
            check(b["entryFirst"] == entries and sha(head).hex() == b["hash"], "its header does not hash to its hash")
            number, tip, entries = b["number"], unhex(b["hash"]), entries + b["entries"]
            hashes[shard, number] = tip
        where, h = f"shard {shard}", line["head"]
        check(h == {"shard": shard, "block": number, "entries": entries, "hash": tip.hex()}, "its head is not its end")
        line, in_lots = step(), defaultdict(int)
        expected = {"lot": lots, "account": dict(accounts), "counterAccount": dict(others)}
        expected |= {"hold": dict(holds), "counter": dict(counters), "debt": dict(debts)}
        while not {"block", "head", "end"} & line.keys():
            ((kind, s),) = line.items()
            if kind == "lot":
                key, says = s["id"], [s[n] for n in ("member", "pointType", "expiresAt", "remaining", "held", "expired")]
                says, replayed = says + [s["expiredRecovered"]], lots.get(s["id"], [])[:7]
                in_lots[s["member"], s["pointType"]] += s["remaining"]
            elif kind == "account":
                key = s["member"], s["pointType"]
                says, replayed = [s[n] for n in ("free", "held", "debt", "earned", "redeemed", "expired")], accounts.get(key)
                sums[key[1]] += s["free"] + s["held"] - s["debt"]
                check(s["free"] + s["held"] == in_lots[key], f"account {key} and its lots differ")
            elif kind == "counterAccount":
                owner = None if set(s["owner"]) <= {"0", "-"} else s["owner"]
                key, says = (s["role"], owner, s["pointType"]), int(s["balance"])
                replayed, sums[s["pointType"]] = others.get(key, 0), sums[s["pointType"]] + says
            elif kind == "hold":
                key, says, replayed = s["id"], s["remaining"], holds.get(s["id"])
            elif kind == "counter":
                key, says = (s["member"], s["name"]), s["value"]
                replayed = counters.get(key)
            elif kind == "debt":  # several debts may be about one lot
                key, says = s["lot"], s["remaining"]
                replayed, debts[key] = says if debts.get(key, 0) >= says else None, debts.get(key, 0) - says
            else:  # allotments, budgets and claims: hongmi verify looks at them
                key, says, replayed = None, None, None
            check(says == replayed, f"{kind} {key} is {says}, the entries say {replayed}")
            expected.get(kind, {}).pop(key, None)
            line = step()
        for kind, left in expected.items():
            for key in left:
                empty = kind == "counterAccount" and others[key] == 0 or kind == "debt" and debts[key] == 0
                check(empty, f"{kind} {key} is missing")
        check(not any(debts.values()), "debts do not add up")
        check(not any(sums.values()), "all accounts together are not 0")
    if line["end"]["lines"] != count:
        report(f"there are {count} lines, not {line['end']['lines']}")
    return ledger, hashes


# Ed25519 (RFC 8032, section 5.1): S·B = R + H(R ‖ A ‖ M)·A, in affine coordinates, slow and short.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P:
        raise ValueError("not a point of the curve")
    return (P - x if x & 1 != sign else x), y


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P


def times(n, a):
    total = (0, 1)
    while n:
        total, a, n = add(total, a) if n & 1 else total, add(a, a), n >> 1
    return total


def signed(key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % Q
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    return s < Q and times(s, base) == add(point(r), times(h, point(key)))


def verify_seals(path, public, ledger, hashes, report):
    """The last seal that each accepted key signed stands for those before it, which it names by hash."""
    keys, last, before, blocks = {sha(public)[:16]: public}, {}, bytes(32), defaultdict(int)
    milliseconds = lambda value: round(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000)
    for shard, number in hashes:
        blocks[shard] = max(blocks[shard], number)
    previous = public
    for raw in open(path, encoding="utf-8"):
        line = json.loads(raw)
        if "key" in line:
            k = line["key"]
            raw_key = unhex(k["publicKey"])
            intro = b"\6\1" + ledger + u32(k["number"]) + i64(k["firstSeal"]) + i64(milliseconds(k["madeAt"]))
            if raw_key not in keys.values() and k["signature"]:
                if signed(previous, intro + previous + raw_key, unhex(k["signature"])):
                    keys[sha(raw_key)[:16]] = raw_key
            previous = raw_key
        if "seal" not in line:
            continue
        s = line["seal"]
        heads = [sha(b"\4\1" + u16(h["shard"]) + i64(h["block"]) + unhex(h["hash"])) for h in s["heads"]]
        body = b"\5\1" + ledger + i64(s["number"]) + unhex(s["previousHash"]) + i64(milliseconds(s["sealedAt"]))
        body += unhex(s["keyId"]) + u16(len(heads)) + root(heads)
        if s["number"] != 1 and before != bytes(32) and unhex(s["previousHash"]) != before:
            report(f"seal {s['number']} does not follow the one before it")
        before = sha(body)
        last[s["keyId"]] = s["number"], body, unhex(s["signature"])
        for h in s["heads"]:
            found = hashes.get((h["shard"], h["block"]))
            if found != unhex(h["hash"]) and (found or blocks[h["shard"]] < h["block"]) and h["block"]:
                report(f"seal {s['number']}: shard {h['shard']} was cut off or rewritten at block {h['block']}")
    for key, (number, body, signature) in last.items():
        if unhex(key) not in keys or not signed(keys[unhex(key)], body, signature):
            report(f"seal {number} is not signed by a key that is accepted")
    return len(last)


def main(path, seals=None, public=None):
    found = []
    report = lambda what: found.append(what)
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            lines = map(json.loads, file)
            ledger, hashes = verify(lines, report)
            if next(lines, None) is not None:
                report("something follows the end")
        if seals:
            verify_seals(seals, unhex(public), ledger, hashes, report)
    except (ValueError, KeyError, TypeError, OverflowError, EOFError, OSError, RuntimeError, StopIteration) as error:
        report(f"it cannot be read to its end: {error!r}")
    print("\n".join(found[:50]) if found else "The export verifies.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
