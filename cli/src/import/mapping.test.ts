import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { layOut } from './header.ts';
import { readMapping } from './mapping.ts';
import { HEADER, MAPPING, mappingWith } from './testing/files.ts';

function failureOf(run: () => unknown): [string, string | number | undefined] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.exitCode).toBe(2);
    return [error.code, error.facts.at ?? error.facts.column ?? error.facts.value];
  }
  return ['no failure', undefined];
}

const change = (changes: object) => failureOf(() => mappingWith(changes));
const { customer: _, ...withoutCustomer } = MAPPING.columns;

describe('readMapping', () => {
  test('fills in what is usual', () => {
    const mapping = mappingWith({ timeZone: undefined, returnPrefix: undefined });
    expect(mapping).toMatchObject({
      encoding: 'utf-8',
      delimiter: ',',
      timeZone: 'Asia/Shanghai',
      fenPerUnit: 100,
      programme: 'default',
      returnPrefix: null,
    });
  });

  test.each(['online-retail.mapping.json', 'demo.mapping.json'])('reads samples/%s', (name) => {
    const text = readFileSync(new URL(`../../../samples/${name}`, import.meta.url), 'utf8');
    const { merchant, memberSystem } = readMapping(text);
    expect(merchant.earnRatio).toEqual({ points: 1, perFen: 100 });
    expect(memberSystem).not.toBe('');
  });

  test('the samples meet neither in merchant nor in member system', () => {
    const [real, demo] = ['online-retail', 'demo'].map((name) =>
      readMapping(
        readFileSync(new URL(`../../../samples/${name}.mapping.json`, import.meta.url), 'utf8'),
      ),
    );
    expect(demo?.memberSystem).not.toBe(real?.memberSystem);
    expect(demo?.programme).not.toBe(real?.programme);
    expect(demo?.columns).toEqual(real?.columns);
  });

  test.each<[string, object, [string, string]]>([
    ['no columns', { columns: undefined }, ['mapping_missing', 'columns']],
    ['no customer', { columns: withoutCustomer }, ['mapping_missing', 'columns.customer']],
    ['unknown field', { colour: 1 }, ['mapping_unknown', 'colour']],
    [
      'unknown column field',
      { columns: { ...MAPPING.columns, size: 'x' } },
      ['mapping_unknown', 'columns.size'],
    ],
    [
      'a column read twice',
      { columns: { ...MAPPING.columns, name: 'StockCode' } },
      ['mapping_column_twice', 'StockCode'],
    ],
    [
      'an empty column',
      { columns: { ...MAPPING.columns, sku: ' ' } },
      ['mapping_value', 'columns.sku'],
    ],
    ['encoding', { encoding: 'latin1' }, ['mapping_value', 'encoding']],
    ['delimiter', { delimiter: ', ' }, ['mapping_value', 'delimiter']],
    ['currency', { currencyUnit: 'pound' }, ['mapping_value', 'currencyUnit']],
    ['time zone', { timeZone: 'Asia/Peking' }, ['mapping_time_zone', 'Asia/Peking']],
    ['date token', { dateFormat: 'YYYY-MM-DD hh:mm' }, ['mapping_date_token', 'h']],
    ['no date formats', { dateFormat: [] }, ['mapping_value', 'dateFormat']],
    ['no year', { dateFormat: ['MM-DD'] }, ['mapping_date_incomplete', 'year']],
    ['same prefixes', { adjustmentPrefix: 'C' }, ['mapping_value', 'adjustmentPrefix']],
    ['no member system', { memberSystem: undefined }, ['mapping_missing', 'memberSystem']],
    ['member system', { memberSystem: 'a b' }, ['mapping_value', 'memberSystem']],
    ['programme', { programme: 'Default' }, ['mapping_value', 'programme']],
    ['no merchant', { merchant: undefined }, ['mapping_missing', 'merchant']],
    [
      'merchant name',
      { merchant: { ...MAPPING.merchant, name: 1 } },
      ['mapping_value', 'merchant.name'],
    ],
    [
      'ratio',
      { merchant: { ...MAPPING.merchant, earnRatio: { points: 0.5, perFen: 1 } } },
      ['mapping_value', 'merchant.earnRatio.points'],
    ],
    [
      'ratio field',
      { merchant: { ...MAPPING.merchant, earnRatio: { points: 1, perYuan: 1 } } },
      ['mapping_unknown', 'merchant.earnRatio.perYuan'],
    ],
  ])('refuses: %s', (_name, changes, failure) => {
    expect(change(changes)).toEqual(failure);
  });

  test.each(['', '{', '[]', 'null', '"x"'])('refuses %j', (text) => {
    const [code] = failureOf(() => readMapping(text));
    expect(['mapping_not_json', 'mapping_value']).toContain(code);
  });
});

describe('layOut', () => {
  const header = HEADER.split(',');

  test('finds columns wherever they are', () => {
    const layout = layOut([' Country ', ...[...header].reverse()], mappingWith());
    expect(layout.at).toMatchObject({ customer: 1, invoice: 7, category: -1 });
  });

  test('refuses a header that lacks a column or has one twice', () => {
    const lay = (columns: string[]) => failureOf(() => layOut(columns, mappingWith()));
    expect(lay(header.slice(1))).toEqual(['column_missing', 'InvoiceNo']);
    expect(lay(['InvoiceNo;StockCode'])).toEqual(['column_missing', 'InvoiceNo']);
    expect(lay([...header, 'Quantity'])).toEqual(['column_twice', 'Quantity']);
    expect(layOut([...header, 'Country', 'Country'], mappingWith()).columns).toHaveLength(9);
  });
});
