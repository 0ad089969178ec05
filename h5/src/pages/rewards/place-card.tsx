import { useWords } from '@hongmi/ui/language.ts';
import { useMerchantNames, useStoreNames } from '../../app/merchants.ts';
import { Card } from '../../design/page.tsx';
import type { Place } from './order.ts';
import { RadioRow, RadioRows } from './radio-rows.tsx';
import { redeemWords } from './redeem-words.ts';

/** What a place is called: the merchant, and the store where it is one. */
export function usePlaceWords(places: readonly Place[]): (place: Place) => string {
  const merchants = useMerchantNames();
  const withStores = new Set(
    places.flatMap(({ merchantId, store }) => (store === undefined ? [] : merchantId)),
  );
  const storeName = useStoreNames([...withStores]);
  return ({ merchantId, store }) => {
    const name = merchants?.get(merchantId) ?? '';
    return store === undefined ? name : `${name} · ${storeName(merchantId, store)}`;
  };
}

/** Where it is got, if there is a choice. */
export function PlaceCard({
  places,
  value,
  onChange,
}: {
  readonly places: readonly Place[];
  readonly value: number | undefined;
  readonly onChange: (place: number) => void;
}) {
  const t = useWords(redeemWords);
  const placeName = usePlaceWords(places);
  if (places.length < 2) return null;
  return (
    <Card title={t.place} flush>
      <RadioRows label={t.place}>
        {places.map((each, index) => (
          <RadioRow
            key={JSON.stringify(each)}
            name="place"
            checked={index === value}
            onChange={() => onChange(index)}
          >
            {placeName(each)}
          </RadioRow>
        ))}
      </RadioRows>
    </Card>
  );
}
