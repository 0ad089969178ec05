import type { Column } from '../../design/column.ts';
import { Points } from '../../design/values.tsx';
import { PointType, usePointScale } from './point-type.tsx';

interface OfPoints {
  readonly pointType: string;
  /** In the smallest unit of their type. */
  readonly points: number;
}

/** How many points of which type a row is about: the same two columns wherever clearing tells that. */
export function usePointColumns(): <Row extends OfPoints>(
  type: string,
  points: string,
) => Column<Row>[] {
  const scaleOf = usePointScale();
  return (type, points) => [
    {
      key: 'type',
      title: type,
      render: ({ pointType }) => <PointType code={pointType} />,
      value: ({ pointType }) => pointType,
    },
    {
      key: 'points',
      title: points,
      render: (row) => <Points value={row.points} scale={scaleOf(row.pointType)} />,
      value: (row) => row.points / 10 ** scaleOf(row.pointType),
      sortable: true,
      align: 'right',
    },
  ];
}
