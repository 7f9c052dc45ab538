import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Field } from '@/components/Field';
import { EVERY_CAUSE, useWords } from '@/components/words';
import { Choice } from './Choice';
import { EVERY_CHANNEL, type Filters } from './filters';
import { classesQuery, schoolsQuery } from './queries';
import { SchoolChoice } from './SchoolChoice';

interface NarrowedProps {
  readonly filters: Filters;
  readonly narrow: (name: keyof Filters, value: string) => void;
}

/** By what the list of who cannot be reached is narrowed. */
export function Narrowed({ filters, narrow }: NarrowedProps) {
  const { t } = useLingui();
  const words = useWords();
  const schools = useQuery(schoolsQuery).data;
  const only = schools?.length === 1 ? schools[0]?.id : undefined;
  const classes = useQuery(classesQuery(filters.school ?? only ?? '')).data ?? [];
  return (
    <div className="filters" role="group" aria-label={t`Filters`}>
      <SchoolChoice
        value={filters.school}
        choose={(id) => {
          narrow('school', id);
        }}
      />
      {(classes.length > 0 || filters.class) && (
        <Choice
          label={t`Class`}
          all={t`All classes`}
          value={filters.class}
          options={classes}
          choose={(id) => {
            narrow('class', id);
          }}
        />
      )}
      <Choice
        label={t`Why`}
        all={t`Every cause`}
        value={filters.cause}
        options={EVERY_CAUSE.map((cause) => ({ id: cause, name: words.cause(cause) }))}
        choose={(cause) => {
          narrow('cause', cause);
        }}
      />
      <Choice
        label={t`Not reached by`}
        all={t`Any way`}
        value={filters.channel}
        options={EVERY_CHANNEL.map((channel) => ({ id: channel, name: words.channel(channel) }))}
        choose={(channel) => {
          narrow('channel', channel);
        }}
      />
      <Field label={t`Bad since`}>
        {(field) => (
          <input
            {...field}
            type="date"
            value={filters.since ?? ''}
            onChange={(event) => {
              narrow('since', event.target.value);
            }}
          />
        )}
      </Field>
    </div>
  );
}
