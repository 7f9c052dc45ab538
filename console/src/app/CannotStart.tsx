/** Where neither settings nor sign-in can be had, in both languages: it is not known which one is wanted. */
export function CannotStart() {
  return (
    <main className="page">
      <h1>Reachable</h1>
      <p>The sign-in did not work. Try again; if it happens again, tell whoever looks after Reachable.</p>
      <p lang="es">
        No se pudo iniciar sesión. Inténtelo otra vez; si vuelve a ocurrir, avise a quien administra
        Reachable.
      </p>
      <p>
        <a className="button" href="/">
          Try again / <span lang="es">Intentar otra vez</span>
        </a>
      </p>
    </main>
  );
}
