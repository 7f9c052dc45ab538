interface TableProps {
  readonly caption: string;
  /** Read by a screen reader alone, where a heading above says the same. */
  readonly captionUnseen?: boolean;
  readonly columns: readonly { readonly name: string; readonly number?: boolean }[];
  /** Rows of cells in the columns' order, the first of which names its row; `key` tells rows apart. */
  readonly rows: readonly { readonly key: string; readonly cells: readonly React.ReactNode[] }[];
}

/** So many columns fit on any phone, but for large text. */
const FEW = 3;

/** A table that can be printed and copied; where its columns have too little room, each row stands for itself. */
export function Table({ caption, captionUnseen = false, columns, rows }: TableProps) {
  return (
    <div className="table-room">
      <div className={columns.length > FEW ? 'table-fold many' : 'table-fold'}>
        <table className="table">
          <caption className={captionUnseen ? 'unseen' : undefined}>{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ name, number }) => (
                <th key={name} scope="col" className={number ? 'number' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells }) => (
              <tr key={key}>
                {cells.map((cell, i) => {
                  const column = columns[i];
                  const shown = (
                    <>
                      {i > 0 && (
                        <span className="cell-name" aria-hidden="true">
                          {column?.name}
                        </span>
                      )}
                      <span className="cell">{cell}</span>
                    </>
                  );
                  return i === 0 ? (
                    <th key={column?.name} scope="row">
                      {shown}
                    </th>
                  ) : (
                    <td key={column?.name} className={column?.number ? 'number' : undefined}>
                      {shown}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
