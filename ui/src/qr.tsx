import { useMemo } from 'react';
import { encode } from 'uqr';

/** A QR code, dark on light in every scheme: as a path of squares, an image that needs no inline style. */
export function Qr({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, size } = useMemo(() => {
    const { data } = encode(text, { border: 0 });
    const squares = data.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
    );
    return { path: squares.join(''), size: data.length };
  }, [text]);
  return (
    <div className="hm-qr">
      <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
        <path d={path} fill="#000" shapeRendering="crispEdges" />
      </svg>
    </div>
  );
}
