import { chart } from './chart';

export interface Drawn {
  readonly label: string;
  /** The label where there is little room. */
  readonly short: string;
  /** Null where there is nothing to draw. */
  readonly value: number | null;
  readonly words: string;
  readonly isAbove: boolean;
}

export interface PictureProps {
  readonly rows: readonly Drawn[];
  readonly limit: number | null;
  readonly format: (value: number) => string;
}

/** A bar a row, its name and its value above it in words. A picture alone: the table says the same. */
export function Bars({ rows, limit }: PictureProps) {
  const { bars, limitAt } = chart(
    rows.map(({ value }) => value),
    limit,
  );
  return (
    <div className="bars" aria-hidden="true">
      {rows.map((row, i) => (
        <div key={i} className="bar-row">
          <span className="bar-label">{row.label}</span>
          <span className={row.isAbove ? 'bar-value bad' : 'bar-value'}>{row.words}</span>
          <svg className="bar" width="100%" height="18" focusable="false">
            <rect className="bar-ground" width="100%" y="3" height="12" />
            <rect
              className={row.isAbove ? 'bar-fill is-above' : 'bar-fill'}
              width={`${bars[i]?.length ?? 0}%`}
              y="3"
              height="12"
            />
            {limitAt !== null && (
              <line className="bar-limit" x1={`${limitAt}%`} x2={`${limitAt}%`} y1="0" y2="18" />
            )}
          </svg>
        </div>
      ))}
    </div>
  );
}
