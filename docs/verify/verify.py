#!/usr/bin/env python3
"""A second verifier of an export, written from docs/ledger.md and docs/verify/README.md alone.

python3 verify.py EXPORT[.gz] [SEALS PUBLIC_KEY_HEX]     exit code 0: it verifies; 1: it does not; 2: wrong usage
"""
import gzip, hashlib, json, math, sys
from collections import defaultdict
from datetime import datetime
from types import SimpleNamespace

sha = lambda data: hashlib.sha256(data).digest()
unhex = bytes.fromhex
num = lambda size: lambda value: int(value).to_bytes(size, "big", signed=size == 8)
u8, u16, u32, i64 = num(1), num(2), num(4), num(8)
opt = lambda value: i64(-(2**63) if value is None else value)
uid = lambda value: bytes(16) if value is None else unhex(value.replace("-", ""))
text = lambda value: u16(len(value.encode())) + value.encode()
at_ms = lambda value: round(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000)


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


# What an entry does to its lot, by its kind: remaining, held, expired, and what of that was recovered.
EFFECTS = {1: (1, 0, 0, 0), 2: (-1, 0, 0, 0), 3: (0, 1, 0, 0), 4: (0, -1, 0, 0), 5: (-1, -1, 0, 0), 6: (-1, 0, 1, 0)}
EFFECTS |= {8: (-1, 0, 0, 0), 9: (0, 0, 0, 1), 12: (1, 0, 0, 0)}


DAY = 86_400_000


def extend(t, s, state, months, until):
    """What is wrong with giving a lot another end, if anything. Activities extend what slides to the end of a month."""
    lapsed = state[2] is not None and state[2] <= t["effectiveAt"]
    if t["kind"] in (9, 13):
        return None if lapsed else "gives a lot that had not lapsed another end"
    if t["kind"] not in (1, 2, 4) or months is None or until is None:
        return "extends a lot that it may not"
    days = (until - t["effectiveAt"]) / DAY
    if lapsed or until <= state[2] or not months * 28 - 1 <= days <= (months + 1) * 31 + 1:
        return "extends a lot to an end that no activity gives"
    return None if s.slid.setdefault(months, until) == until else "extends lots to different ends"


def replay(t, s, check):
    """What the entries of a transaction do to the accounts and lots of its shard."""
    made = {lot["id"]: lot for lot in t["lots"]}
    for kind, points_type, role, owner, to_role, to_owner, points, lot, ref, expires in t["entries"]:
        account = s.accounts[t["member"], points_type]  # free, held, debt, earned, redeemed, expired
        for side, who, moved in ((role, owner, -points), (to_role, to_owner, points)):
            if side in (1, 2, 3):
                account[side - 1] += -moved if side == 3 else moved
            elif side:
                s.others[side, who, points_type] += moved
            if side in (4, 5, 6):  # earned comes from issuers; redeemed, expired go to the others
                account[side - 1] += -moved if side == 4 else moved
        check(min(account[:3]) >= 0, "an account falls below zero")
        if kind in (10, 11, 14):
            s.debts[ref if kind == 11 else lot] += -points if kind == 11 else points
        if kind in (11, 14):
            continue
        if kind == 1 and lot in made:
            s.waits[lot] = made[lot]["availableAt"]
            s.lots[lot] = [t["member"], points_type, made[lot]["expiresAt"], 0, 0, 0, 0, made[lot]["amount"]]
        state = s.lots.get(lot)
        check(state and state[:2] == [t["member"], points_type], f"its lot {lot} is not there, or another account's")
        if state is None:
            continue
        state[3:7] = [had + by * points for had, by in zip(state[3:7], EFFECTS.get(kind, (0, 0, 0, 0)))]
        early = kind == 7 and not (t["kind"] == 7 and t["subject"]) and s.waits.get(lot, 0) > t["effectiveAt"]
        check(not early, f"it makes lot {lot} available before its time")
        if kind == 13:
            wrong = extend(t, s, state, s.slides.get(lot), expires)
            check(wrong is None, f"it {wrong}: {lot}")
            state[2] = expires
        if kind in (3, 4, 5):
            s.holds[ref] += points if kind == 3 else -points
        check(0 <= state[4] <= state[3] <= state[7], f"lot {lot} leaves its bounds")
    own, moves = (t["member"], t["pointType"]), t["kind"] != 15 and not t["refusal"]
    free, held, debt = (s.accounts[own] if moves else s.accounts.get(own, [0] * 3))[:3]
    check(t["balanceAfter"] == free + held - debt, "its balance does not follow from the entries")
    # What a transfer counted comes back with it; what a return or a claw-back took comes back, not what it asked for.
    moved = sum(entry[6] for entry in t["entries"])
    by = {"counter": -t["points"] if t["kind"] == 13 else -moved if t["kind"] in (8, 16) else t["points"], "times": 1}
    if t["kind"] == 8 and not t["refusal"]:  # a time comes back with the last of an earn, when all asked for was taken
        s.returnable[t["subject"]] -= t["points"]
        by["times"] = -1 if s.returnable[t["subject"]] == 0 and moved == t["points"] else 0
    elif t["lots"]:
        s.returnable[t["id"]] = t["lots"][0]["issued"]
    for word, name in (mark.split(" ", 1) for mark in t["marks"]):
        if word in by:
            s.counters[t["member"], name] = max(0, s.counters[t["member"], name] + by[word])
        if word == "slides":
            lot, months = name.split(" ")
            check(lot in made, f"it says of lot {lot} that it slides, and has not made it")
            s.slides[lot] = int(months)
            s.sliding[t["member"], t["pointType"] if lot not in s.lots else s.lots[lot][1]].append(lot)
    for lot in s.sliding[own] if s.slid else []:  # all that slide together, or none of them
        until, state = s.slid.get(s.slides[lot]), s.lots[lot]
        left_out = until is not None and state[3] > 0 and t["effectiveAt"] < state[2] < until
        check(not left_out, f"it extends lots that slide, but not lot {lot}")
    s.slid.clear()


def split(whole, shares):
    """Parts that add up: each share rounded down, what is left to those that were cut most, to the first of equals."""
    parts = [whole * share // sum(shares) for share in shares]
    cut = sorted(range(len(shares)), key=lambda place: (-(whole * shares[place] % sum(shares)), place))
    for place in cut[: whole - sum(parts)]:
        parts[place] += 1
    return parts


def used(lot, taker, points, price, fee):
    """Who pays for points of a lot, and of each: payer, points, owed, due, fee. Who pays itself owes nobody."""
    cost, payers = lot
    columns = [split(points * by, [share for _, share in payers]) for by in (1, cost, price, fee)]
    rows = [(payer, *amounts) for (payer, _), amounts in zip(payers, zip(*columns))]
    return [(who, part, owed, owed, 0) if who == taker else (who, part, owed, due, less) for who, part, owed, due, less in rows]


def kin(lot, other, s):
    """Whether a lot is another one or came of it by transfers; None when only another shard could know."""
    root, is_certain = s.roots.get(lot, (lot, True))
    return True if root == other else False if is_certain else None


def accrue(t, s, check, owing):
    """What a transaction's entries accrue (docs/ledger.md, "Prices and accruals"), against what it says they did."""
    if t["refusal"]:
        return
    for lot in t["lots"]:
        if lot["unitCost"] is not None:
            s.worth[lot["id"]] = (lot["unitCost"], lot["funders"] or [[lot["issuer"], 1]])
    funded = {lot["id"] for lot in t["lots"] if lot["unitCost"] is not None and lot["funders"]}
    for kind, _, _, _, _, _, _, lot, origin, _ in t["entries"] if t["kind"] in (12, 14) else ():
        if kind == 1 and origin and lot in funded:
            root = s.roots.get(origin, (origin, origin in s.worth) if t["kind"] == 12 else None)
            s.roots |= {lot: root} if root else {}
    marked = [tuple(map(int, mark.split(" ")[1:])) for mark in t["marks"] if mark.startswith("price ")]
    price = marked[0] if marked and t["kind"] in (2, 4) else None
    rows, maybe = [], set()
    for seq, (kind, points_type, role, owner, to_role, to_owner, points, lot, ref, _) in enumerate(t["entries"], t["entryFirst"]):
        if kind == 10 or kind == 14 and (to_role in (4, 7) or to_role == 5 and price):
            s.about[lot] = (to_owner, price if to_role == 5 else None)
        if lot not in s.worth:
            continue
        add = lambda kind, taker, parts: rows.extend(
            (seq, kind, t["programme"], points_type, t["effectiveAt"], part[0], taker, *part[1:]) for part in parts
        )
        if kind in (2, 5) and to_role == 5 and price:
            s.uses[t["id"], lot] = [price, 0]
            add(1, to_owner, used(s.worth[lot], to_owner, points, *price))
        use = s.uses.get((t["subject"], lot)) if t["kind"] == 9 and kind in (11, 12) and role == 5 else None
        if use:
            before, after = (used(s.worth[lot], owner, use[1] + more, *use[0]) for more in (0, points))
            add(2, owner, [(b[0], *(x - y for x, y in zip(b[1:], a[1:]))) for b, a in zip(before, after)])
            use[1] += points
        about = s.about.get(ref) if kind == 11 else (to_owner, None) if kind == 8 and ref else None
        if about and about[1]:
            add(1, about[0], used(s.worth[lot], about[0], points, *about[1]))
        elif about and kin(lot, ref, s) is not True and t["effectiveAt"] >= s.cleared[t["programme"], points_type]:
            parts = used(s.worth[lot], None, points, s.worth[lot][0], 0)
            add(3, about[0], [(who, part, owed, owed, 0) for who, part, owed, *_ in parts if who != about[0]])
            maybe |= {seq} if kin(lot, ref, s) is None and not use else set()
    said = [(*row[:9], *map(int, row[9:])) for row in t.get("accruals", ())]
    is_told, places, should = {row[0] for row in said}, defaultdict(int), []
    for seq, *rest in rows:
        if seq in is_told or seq not in maybe:
            should.append((seq, places[seq], *rest))
            owing[rest[4], rest[5]] = [had + more for had, more in zip(owing[rest[4], rest[5]], rest[6:])]
        places[seq] += 1
    check(said == should, f"it accrues {said}, its entries say {should}")


def compare(rows, s, check):
    """The rows that hold the state of a shard against what was replayed, in both directions."""
    said, in_lots, sums = defaultdict(dict), defaultdict(int), defaultdict(int)
    for kind, row in rows:
        fields = lambda names: [row[name] for name in names.split()]
        key, value = None, None
        if kind == "lot":
            key, value = row["id"], fields("member pointType expiresAt remaining held expired expiredRecovered")
            value.append(row.get("slideMonths"))
            root, is_certain = s.roots.get(key, (None, True))
            check(row.get("root") == root if is_certain else row.get("root"), f"lot {key} came from elsewhere")
            in_lots[row["member"], row["pointType"]] += row["remaining"]
        elif kind == "account":
            key, value = (row["member"], row["pointType"]), fields("free held debt earned redeemed expired")
            sums[row["pointType"]] += row["free"] + row["held"] - row["debt"]
            check(row["free"] + row["held"] == in_lots[key], f"account {key} and its lots differ")
        elif kind == "counterAccount":
            owner, value = None if set(row["owner"]) <= {"0", "-"} else row["owner"], int(row["balance"])
            key, sums[row["pointType"]] = (row["role"], owner, row["pointType"]), sums[row["pointType"]] + value
        elif kind == "counter":
            key, value = (row["member"], row["name"]), row["value"]
        elif kind in ("hold", "debt"):  # several debts may be about one lot
            key = row["id" if kind == "hold" else "lot"]
            value = row["remaining"] + (said[kind].get(key, 0) if kind == "debt" else 0)
        check(kind == "debt" or key is None or key not in said[kind], f"{kind} {key} is there twice")
        said[kind][key] = value  # allotments, budgets and claims: hongmi verify looks at them
    replayed = {"lot": {lot: state[:7] + [s.slides.get(lot)] for lot, state in s.lots.items()}, "account": s.accounts}
    replayed |= {"counterAccount": s.others, "hold": s.holds, "counter": s.counters, "debt": s.debts}
    for kind, states in replayed.items():
        absent = 0 if kind in ("counterAccount", "debt") else None
        for key in said[kind].keys() | states.keys():
            says, should = said[kind].get(key, absent), states[key] if key in states else absent
            check(says == should, f"{kind} {key} is {says}, the entries say {should}")
    check(not any(sums.values()), "all accounts together are not 0")


def verify_export(lines, report, owing):
    """Replays an export; answers its ledger id and, for every block of every shard, its hash. Fills in who owes whom."""
    header = next(lines)["header"]
    if (header["format"], header["version"]) != ("hongmi-ledger-export", 1):
        raise ValueError("not an export of format 1")
    ledger, shards, hashes, count, line = uid(header["ledgerId"]), header["shards"], {}, 2, next(lines)

    def step():
        nonlocal count, line
        passed, line, count = line, next(lines), count + 1
        return passed

    cleared = defaultdict(lambda: math.inf)  # since when the nil merchant has prices
    while "price" in line:
        p = step()["price"]
        key, since = (p["programme"], p["pointType"]), p["from"] if set(p["merchant"]) <= {"0", "-"} else math.inf
        cleared[key] = min(since, cleared[key])
    for shard in range(shards):
        where = f"shard {shard}"
        check = lambda ok, what: ok or report(f"{where}: {what}")
        tip, number, entries = sha(b"\3\1" + ledger + u16(shards) + u16(shard)), 0, 0
        hashes[shard, 0] = tip
        s = SimpleNamespace(accounts=defaultdict(lambda: [0] * 6), lots={}, waits={}, others=defaultdict(int))
        s.holds, s.debts, s.counters, s.returnable, cuts = (defaultdict(int) for _ in range(5))
        s.slides, s.sliding, s.slid = {}, defaultdict(list), {}  # months by lot, lots by account, ends in hand
        s.worth, s.roots, s.about, s.uses = {}, {}, {}, {}  # of lots that cost something; of debts; of burns and lots
        s.cleared = cleared
        while "block" in line:
            b, leaves, held = step()["block"], [], 0
            while "transaction" in line:
                t = step()["transaction"]
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
                replay(t, s, check)
                accrue(t, s, check, owing)
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
        where, end = f"shard {shard}", {"shard": shard, "block": number, "entries": entries, "hash": tip.hex()}
        check(step()["head"] == end, "its head is not its end")
        rows = []
        while not {"block", "head", "end"} & line.keys():
            rows += step().items()
        compare(rows, s, check)
    if line["end"]["lines"] != count:
        report(f"there are {count} lines, not {line['end']['lines']}")
    if next(lines, None) is not None:
        report("something follows the end")
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


def seal_bytes(ledger, s, shards, top):
    body = b"\5\1" + ledger + i64(s["number"]) + unhex(s["previousHash"]) + i64(at_ms(s["sealedAt"]))
    return body + unhex(s["keyId"]) + u16(shards) + top


def records(path):
    """A seal file has a document per line, a publication is one; what a crash left half written is passed over."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for part in [text] if '"seal": ' in text else text.splitlines():
        try:
            yield json.loads(part)
        except ValueError:
            continue


def verify_seals(path, public, ledger, hashes, report):
    """Of each accepted key, the last seal it signed stands for those before it, which it names by hash."""
    key_id = lambda key: sha(key)[:16].hex()
    in_use, previous, before, last, ends = key_id(public), public, None, {}, defaultdict(int)
    keys = {in_use: public}
    for shard, number in hashes:
        ends[shard] = max(ends[shard], number)
    for record in records(path):
        for k in record.get("keys", []) + ([record["key"]] if "key" in record else []):
            key, signature = unhex(k["publicKey"]), unhex(k["signature"] or "")
            intro = b"\6\1" + ledger + u32(k["number"]) + i64(k["firstSeal"]) + i64(at_ms(k["madeAt"])) + previous + key
            # An introduction counts only from a key that is accepted itself. A key may come again.
            is_new = key_id(key) not in keys and key_id(previous) in keys
            if is_new and signature and signed(previous, intro, signature):
                in_use = key_id(key)
                keys[in_use] = key
            previous = key
        for s in [record["seal"]] if "seal" in record else []:
            heads = [sha(b"\4\1" + u16(h["shard"]) + i64(h["block"]) + unhex(h["hash"])) for h in s["heads"]]
            body = seal_bytes(ledger, s, len(heads), root(heads))
            if before not in (None, unhex(s["previousHash"]), sha(body)):
                report(f"seal {s['number']} does not follow the one before it")
            if s["keyId"] != in_use:
                report(f"seal {s['number']} names a key that is not accepted for it")
            before, last[s["keyId"]] = sha(body), (s["number"], body, unhex(s["signature"]))
            for h in s["heads"]:
                found = hashes.get((h["shard"], h["block"]))
                if found != unhex(h["hash"]) and (found or ends[h["shard"]] < h["block"]) and h["block"]:
                    report(f"seal {s['number']}: shard {h['shard']} was cut off or rewritten at block {h['block']}")
    for key, (number, body, signature) in last.items():
        if key in keys and not signed(keys[key], body, signature):
            report(f"seal {number} is not signed by the key it names")
    if not last:
        report("there are no seals in the file")


def main(path=None, *against):
    if path is None or len(against) not in (0, 2):
        print(__doc__.strip())
        return 2
    found, owing = [], defaultdict(lambda: [0] * 4)
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            ledger, hashes = verify_export(map(json.loads, file), found.append, owing)
        if against:
            verify_seals(against[0], unhex(against[1]), ledger, hashes, found.append)
    except (ValueError, LookupError, TypeError, OverflowError, EOFError, OSError, RuntimeError, StopIteration) as error:
        found.append(f"it cannot be read to its end: {error!r}")
    alone = "The export does not contradict itself. Without seals and a key it may still not be the one there was."
    verified = "The export verifies, and the seals agree with it." if against else alone
    print("\n".join(found[:50]) if found else verified)
    if owing and not found:
        print("payer, taker, points, owed, due, fee (in micro-fen):")
        print("\n".join(" ".join(map(str, (*pair, *sums))) for pair, sums in sorted(owing.items())))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
