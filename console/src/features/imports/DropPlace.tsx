import { useState } from 'react';

interface DropPlaceProps {
  readonly dropped: (file: File) => void;
  readonly children: React.ReactNode;
}

/** Where a file may be dropped, around what one chooses it with by keyboard or finger. */
export function DropPlace({ dropped, children }: DropPlaceProps) {
  const [over, setOver] = useState(false);
  return (
    <div
      className="drop-place"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) dropped(file);
      }}
    >
      {children}
    </div>
  );
}
