import { carShop } from './s1-car-shop.ts';
import { fruitShop } from './s2-fruit-shop.ts';
import { jeweller } from './s3-jeweller.ts';
import { optician } from './s4-optician.ts';
import { beautyShop } from './s5-beauty-shop.ts';
import { convenienceStore } from './s6-convenience-store.ts';
import { supermarket } from './s7-supermarket.ts';
import { travel } from './s9-travel.ts';
import { greenBankCard } from './s10-green-bank-card.ts';
import { schoolCommunity } from './s11-school-community.ts';
import { creditFestival } from './s12-credit-festival.ts';
import { recall } from './s13-recall.ts';
import { refund } from './s14-refund.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the order in which they are played. */
export const SCENARIOS: readonly Scenario[] = [
  carShop,
  fruitShop,
  jeweller,
  optician,
  beautyShop,
  convenienceStore,
  supermarket,
  travel,
  greenBankCard,
  schoolCommunity,
  creditFestival,
  recall,
  refund,
];
