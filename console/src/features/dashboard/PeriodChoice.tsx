import { Trans, useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Field } from '@/components/Field';
import { addressOf, SPANS, type Choice } from './choice';
import { lastWeeks } from './weeks';

interface PeriodChoiceProps {
  readonly choice: Choice;
  readonly now: Date;
}

/** Of which time the figures are: the last weeks, or days of one's own. */
export function PeriodChoice({ choice, now }: PeriodChoiceProps) {
  const { t } = useLingui();
  const [, go] = useLocation();
  const today = lastWeeks(1, now).to;
  return (
    <div className="filters">
      <Field label={t`Period`}>
        {(field) => (
          <select
            {...field}
            value={choice.weeks ?? 'days'}
            onChange={({ target: { value } }) => {
              const weeks = value === 'days' ? null : Number(value);
              const period = weeks === null ? choice.period : lastWeeks(weeks, now);
              go(addressOf({ ...choice, weeks, period }), { replace: true });
            }}
          >
            {SPANS.map((weeks) => (
              <option key={weeks} value={weeks}>
                {t`The last ${weeks} weeks`}
              </option>
            ))}
            <option value="days">{t`Other days`}</option>
          </select>
        )}
      </Field>
      {choice.weeks === null && <Days choice={choice} today={today} />}
    </div>
  );
}

function Days({ choice, today }: { readonly choice: Choice; readonly today: string }) {
  const { t } = useLingui();
  const [, go] = useLocation();
  const [from, setFrom] = useState(choice.period.from);
  const [to, setTo] = useState(choice.period.to);
  const [wrong, setWrong] = useState(false);
  const first = useRef<HTMLInputElement>(null);

  function show(event: React.SubmitEvent) {
    event.preventDefault();
    const isWrong = from === '' || to === '' || to < from;
    setWrong(isWrong);
    if (isWrong) first.current?.focus();
    else go(addressOf({ ...choice, weeks: null, period: { from, to } }), { replace: true });
  }

  return (
    <form className="filters" noValidate onSubmit={show}>
      <Field label={t`First day`} error={wrong ? t`Choose two days, the first before the last.` : null}>
        {(field) => (
          <input
            {...field}
            ref={first}
            type="date"
            max={today}
            value={from}
            onChange={(event) => {
              setFrom(event.target.value);
            }}
          />
        )}
      </Field>
      <Field label={t`Last day`}>
        {(field) => (
          <input
            {...field}
            type="date"
            max={today}
            value={to}
            onChange={(event) => {
              setTo(event.target.value);
            }}
          />
        )}
      </Field>
      <p>
        <button type="submit" className="button second">
          <Trans>Show</Trans>
        </button>
      </p>
    </form>
  );
}
