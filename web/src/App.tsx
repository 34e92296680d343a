import { createSignal, Match, Show, Switch } from 'solid-js'
import { AccountButton } from './account/AccountButton.tsx'
import { createDesk } from './desk/createDesk.ts'
import { ExplainContext } from './explain/explainContext.ts'
import { ExplainDrawer } from './explain/ExplainDrawer.tsx'
import { Exposures } from './exposures/Exposures.tsx'
import { Headline } from './levels/Headline.tsx'
import { KeyLevels } from './levels/KeyLevels.tsx'
import { EmptyDesk } from './notices/EmptyDesk.tsx'
import { OfflineBanner } from './notices/OfflineBanner.tsx'
import { ProblemCard } from './notices/ProblemCard.tsx'
import { UpdateToast } from './notices/UpdateToast.tsx'
import { GexByStrike } from './panels/GexByStrike.tsx'
import { NetThroughTime } from './panels/NetThroughTime.tsx'
import { Profile } from './panels/Profile.tsx'
import { Skeleton } from './panels/Skeleton.tsx'
import { createBrowserClient } from './session/createBrowserClient.ts'
import { createNow } from './session/now.ts'
import { createTheme } from './session/theme.ts'
import { createTiersAddress } from './tiers/tiersAddress.ts'
import { TiersContext } from './tiers/tiersContext.ts'
import { TiersDialog } from './tiers/TiersDialog.tsx'
import { TopBar } from './topBar/TopBar.tsx'
import { VolatilityPanel } from './volatility/VolatilityPanel.tsx'
import { Windows } from './windows/Windows.tsx'

export function App() {
  const { client, getToken, session, accountApi } = createBrowserClient()
  const desk = createDesk(client)
  const nowMs = createNow()
  const { theme, toggle } = createTheme()
  const [explained, setExplained] = createSignal<string | null>(null)
  const [areTiersShown, showTiers, hideTiers] = createTiersAddress()
  const name = () => desk.symbols()?.find(({ symbol }) => symbol === desk.symbol())?.name ?? ''
  return (
    <ExplainContext.Provider value={setExplained}>
      <TiersContext.Provider value={showTiers}>
        <TopBar
          desk={desk}
          nowMs={nowMs()}
          theme={theme()}
          onToggleTheme={toggle}
          account={<AccountButton session={session} api={accountApi} onSignedIn={desk.retry} />}
        />
        <main class="desk">
          <Switch fallback={<Skeleton />}>
            <Match when={desk.frame()}>
              {(frame) => (
                <>
                  <Show when={desk.origin() === 'kept'}>
                    <OfflineBanner frame={frame()} onRetry={desk.retry} />
                  </Show>
                  <Headline frame={frame()} name={name()} />
                  <div class="grid">
                    <GexByStrike frame={frame()} theme={theme()} upgrade={desk.upgrade()} />
                    <section class="panel" id="levels" aria-labelledby="levels-title">
                      <header class="panel-header">
                        <h2 id="levels-title">Key levels</h2>
                      </header>
                      <KeyLevels frame={frame()} />
                    </section>
                    <Profile frame={frame()} theme={theme()} upgrade={desk.upgrade()} />
                    <NetThroughTime
                      frame={frame()}
                      theme={theme()}
                      timeline={desk.timeline()}
                      upgrade={desk.upgrade()}
                    />
                    <VolatilityPanel client={client} frame={frame()} theme={theme()} />
                  </div>
                  <Exposures client={client} frame={frame()} upgrade={desk.upgrade()} />
                  <Windows
                    client={client}
                    frame={frame()}
                    theme={theme()}
                    nowMs={nowMs()}
                    upgrade={desk.upgrade()}
                    limit={desk.windowLimit()}
                    onRetry={desk.retryWindow}
                  />
                </>
              )}
            </Match>
            <Match when={desk.problem()}>
              {(problem) => <ProblemCard problem={problem()} onRetry={desk.retry} />}
            </Match>
            <Match when={desk.symbols()?.length === 0}>
              <EmptyDesk />
            </Match>
          </Switch>
        </main>
        <footer class="footer">
          <p>
            Not investment advice. Dealer positions are assumed, not observed: every signed number follows
            model M1 (dealers long calls, short puts).
          </p>
          <p>
            Flipwire ·{' '}
            <button type="button" class="link" onClick={showTiers}>
              Tiers
            </button>{' '}
            · <a href="/docs">API reference</a>
          </p>
        </footer>
        <UpdateToast />
        <ExplainDrawer
          client={client}
          symbol={desk.symbol() ?? ''}
          metric={explained()}
          onClose={() => setExplained(null)}
        />
        <TiersDialog isOpen={areTiersShown()} getToken={getToken} onClose={hideTiers} />
      </TiersContext.Provider>
    </ExplainContext.Provider>
  )
}
