import type { PictureProps } from './Bars';
import { chart, labelled } from './chart';

const HEIGHT = 180;
/** Where columns stand, between their values above and their days below. */
const GROUND = HEIGHT - 24;
const TALLEST = GROUND - 20;
/** As many days as have room beside each other on a phone. */
const LABELS = 5;

/** A column a week, the newest at the end. A picture alone: the table says the same. */
export function Columns({ rows, limit, format }: PictureProps) {
  const { bars, limitAt } = chart(
    rows.map(({ value }) => value),
    limit,
  );
  const labels = labelled(rows.length, LABELS);
  const width = 100 / rows.length;
  const y = (length: number) => GROUND - (length / 100) * TALLEST;
  return (
    <svg className="columns" width="100%" height={HEIGHT} aria-hidden="true" focusable="false">
      <line className="bar-ground-line" x1="0" x2="100%" y1={GROUND} y2={GROUND} />
      {rows.map(({ short, value, isAbove }, i) => {
        const length = bars[i]?.length ?? 0;
        const middle = `${(i + 0.5) * width}%`;
        return (
          <g key={i}>
            <rect
              className={isAbove ? 'bar-fill is-above' : 'bar-fill'}
              x={`${(i + 0.2) * width}%`}
              width={`${0.6 * width}%`}
              y={y(length)}
              height={GROUND - y(length)}
            />
            {labels[i] && (
              <>
                <text x={middle} y={y(length) - 6} textAnchor="middle">
                  {value === null ? '–' : format(value)}
                </text>
                <text x={middle} y={HEIGHT - 6} textAnchor="middle">
                  {short}
                </text>
              </>
            )}
          </g>
        );
      })}
      {limitAt !== null && <line className="bar-limit" x1="0" x2="100%" y1={y(limitAt)} y2={y(limitAt)} />}
    </svg>
  );
}
