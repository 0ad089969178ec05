import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useTill } from '../app/till.ts';
import { pointWords, type SayPoints, sayPoints } from './say-points.ts';

export function usePointsShown(): SayPoints {
  const { usual } = useWords(pointWords);
  return sayPoints(useFormat(), usual, useTill().shop.pointTypes);
}
