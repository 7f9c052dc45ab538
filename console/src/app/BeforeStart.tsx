/* What is shown before it is known in which language: in both. */

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

/** In the window of a second sign-in, where the browser does not let it close itself. */
export function SignedInAgain() {
  return (
    <main className="page">
      <h1>Reachable</h1>
      <p>You are signed in again. Close this window and go on in the other one.</p>
      <p lang="es">Ha iniciado sesión de nuevo. Cierre esta ventana y continúe en la otra.</p>
    </main>
  );
}
