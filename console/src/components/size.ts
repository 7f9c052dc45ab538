import { useLocale } from './locale';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** The size of a file as people of this language write it. */
export function useSize(): (bytes: number) => string {
  const locale = useLocale();
  return (bytes) => {
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
    const amount = bytes / 1000 ** power;
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: UNITS[power] ?? 'byte',
      maximumFractionDigits: power > 1 && amount < 10 ? 1 : 0,
    }).format(amount);
  };
}
