import { fieldIn } from '../../publishing/field-in.ts';
import type { TermsValues } from './terms-values.ts';

/** The field in which a part of a reward's terms stands, by its pointer into them. */
export const fieldOf = fieldIn<TermsValues>([
  [/^\/kind$/, 'kind'],
  [/^\/name\/en/, 'nameEn'],
  [/^\/name/, 'nameZh'],
  [/^\/description/, 'descriptionZh'],
  [/^\/cashValueFen/, 'worthYuan'],
  [/^\/prices\/(\d+)\/cashFen/, 'prices', 'cashYuan'],
  [/^\/prices\/(\d+)\/points\/0\/pointType/, 'prices', 'pointType'],
  [/^\/prices\/(\d+)(\/points(\/0(\/|$)|$)|$)/, 'prices', 'points'],
  [/^\/stores(\/\d+(\/merchant|$)|$)/, 'merchants'],
  [/^\/offered/, 'offered'],
  [/^\/limits\/0\/per/, 'limitPer'],
  [/^\/limits\/0/, 'limitTimes'],
  [/^\/fulfilment\/feeFen/, 'feeYuan'],
  [/^\/fulfilment\/lasts/, 'lastsDays'],
  [/^\/fulfilment\/voucher\/offFen/, 'offYuan'],
  [/^\/fulfilment\/voucher\/overFen/, 'overYuan'],
  [/^\/fulfilment\/voucher\/percentOff/, 'percentOff'],
  [/^\/fulfilment\/voucher\/atMostFen/, 'atMostYuan'],
  [/^\/fulfilment\/voucher\/what/, 'what'],
  [/^\/fulfilment(\/kind|$)/, 'fulfilment'],
  [/^\/cancellation/, 'cancellation'],
  [/^\/afterSales(\/returnDays|$)/, 'returnDays'],
  [/^\/afterSales\/qualityDays/, 'qualityDays'],
  [/^\/afterSales\/exchange/, 'exchange'],
]);
