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
        <button
          type="button"
          className="button"
          onClick={() => {
            window.location.reload(); // where they wanted to go still stands in the address
          }}
        >
          Try again / <span lang="es">Intentar otra vez</span>
        </button>
      </p>
    </main>
  );
}

/** In the window of a second sign-in, where the browser does not let it close itself. */
export function SecondWindow({ isSignedIn }: { readonly isSignedIn: boolean }) {
  return (
    <main className="page">
      <h1>Reachable</h1>
      {isSignedIn ? (
        <>
          <p>The sign-in is done. Close this window and go on in the other one.</p>
          <p lang="es">El inicio de sesión terminó. Cierre esta ventana y continúe en la otra.</p>
        </>
      ) : (
        <>
          <p>You have not signed in. Close this window and try again in the other one.</p>
          <p lang="es">No ha iniciado sesión. Cierre esta ventana e inténtelo de nuevo en la otra.</p>
        </>
      )}
    </main>
  );
}
