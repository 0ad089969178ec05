#!/usr/bin/env python3
"""Computes what `hongmi import orders` must report for the online-retail file, by itself.

Usage: python3 samples/check-online-retail.py FILE(.csv or .csv.gz) [--members]

It shares no code with Hongmi, holds the whole file in memory and follows the rules one by one:

* prices are yuan; a line's amount is quantity x price, rounded half up to a fen;
* an order is an invoice, wherever its lines stand; 1 point per yuan of its amount, floored per order;
* rejected, first reason wins: lines without a customer, invoices A..., quantities <= 0 on sales;
* a C... invoice is a return: each line is taken from earlier lines (file order) of the same customer
  and the same stock code with quantity left, the last of them first, across orders;
* what is left of a line after a partial return is floor(amount x left / quantity), and each order's
  points are recomputed on what is left;
* a return line whose quantity was not matched in full is rejected as unmatched (counted once).

--members adds {customer: points left} of every customer with an order.
"""

import csv
import gzip
import json
import sys
from collections import Counter
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal


def read(path):
    opened = gzip.open(path, 'rt', encoding='utf-8-sig', newline='') if path.endswith('.gz') else open(
        path, encoding='utf-8-sig', newline='')
    with opened as file:
        return list(csv.DictReader(file))


def line_amount_fen(quantity, price):
    return int((quantity * Decimal(price) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def points(amount_fen):
    return int((Decimal(amount_fen) / 100).quantize(Decimal(1), ROUND_FLOOR))


def main(path, with_members):
    rows = read(path)
    rejected = Counter()
    orders = {}  # invoice -> its accepted lines, as [amount, quantity, left]
    customer_of = {}  # invoice -> customer
    shelves = {}  # (customer, stock code) -> accepted lines, in file order

    for row in rows:
        invoice, customer = row['InvoiceNo'], row['CustomerID']
        quantity = int(row['Quantity'])
        if customer == '':
            rejected['no_customer'] += 1
        elif invoice.startswith('A'):
            rejected['adjustment'] += 1
        elif invoice.startswith('C'):
            assert quantity < 0
            wanted = -quantity
            for line in reversed(shelves.get((customer, row['StockCode']), [])):
                taken = min(wanted, line['left'])
                line['left'] -= taken
                wanted -= taken
            if wanted > 0:
                rejected['unmatched'] += 1
        elif quantity <= 0:
            rejected['non_positive_quantity'] += 1
        else:
            amount = line_amount_fen(quantity, row['UnitPrice'])
            assert amount >= 0
            assert customer_of.setdefault(invoice, customer) == customer
            line = {'amount': amount, 'quantity': quantity, 'left': quantity}
            orders.setdefault(invoice, []).append(line)
            shelves.setdefault((customer, row['StockCode']), []).append(line)

    earned = 0
    outstanding = Counter()
    for invoice, lines in orders.items():
        earned += points(sum(line['amount'] for line in lines))
        kept = sum(line['amount'] * line['left'] // line['quantity'] for line in lines)
        outstanding[customer_of[invoice]] += points(kept)

    total = sum(outstanding.values())
    report = {
        'lines': len(rows),
        'orders': len(orders),
        'members': len(set(customer_of.values())),
        'pointsEarned': earned,
        'pointsClawedBack': earned - total,
        'pointsOutstanding': total,
        'rejected': dict(sorted(rejected.items())),
    }
    if with_members:
        report['points'] = dict(sorted(outstanding.items()))
    print(json.dumps(report, indent=2, ensure_ascii=False))


if __name__ == '__main__':
    arguments = [argument for argument in sys.argv[1:] if argument != '--members']
    if len(arguments) != 1:
        sys.exit(__doc__)
    main(arguments[0], '--members' in sys.argv)
