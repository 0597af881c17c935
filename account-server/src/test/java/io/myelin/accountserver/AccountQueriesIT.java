package io.myelin.accountserver;

import io.myelin.accountserver.storage.StoredAccounts;
import io.myelin.contracts.account.AccountContracts;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.server.rpc.TwoProcesses;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class AccountQueriesIT {

    @Nested
    class InTheSameProcess extends AccountQueriesContract {
        private final AccountQueries queries;

        InTheSameProcess(Accounts accounts) {
            super(accounts);
            queries = accounts.server().bean(StoredAccounts.class);
        }

        @Override
        AccountQueries queries() {
            return queries;
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OverHttp extends AccountQueriesContract {
        @AutoClose
        private final TwoProcesses processes;

        private final AccountQueries queries;

        OverHttp(Accounts accounts) {
            super(accounts);
            processes = TwoProcesses.serving(
                    AccountContracts.QUERIES, accounts.server().bean(StoredAccounts.class));
            queries = processes.proxy(AccountContracts.QUERIES);
        }

        @Override
        AccountQueries queries() {
            return queries;
        }
    }
}
