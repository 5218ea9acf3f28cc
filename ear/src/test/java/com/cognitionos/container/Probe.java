package com.cognitionos.container;

import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.function.Function;
import java.util.function.Supplier;

/** A boundary as any other, behind the wall, that does what a test wants in one transaction of the caller. */
@Stateless
@TenantWall
public class Probe {

    @Inject
    private Sql sql;

    @Resource
    private SessionContext session;

    public <T> T commit(Function<Sql, T> work) {
        return work.apply(sql);
    }

    public <T> T rollBack(Function<Sql, T> work) {
        try {
            return work.apply(sql);
        } finally {
            session.setRollbackOnly();
        }
    }

    /** Joins whatever boundaries the work calls into one transaction. */
    public <T> T together(Supplier<T> work) {
        return work.get();
    }

    /** As {@link #together}, but nothing of it stays. */
    public <T> T inVain(Supplier<T> work) {
        try {
            return work.get();
        } finally {
            session.setRollbackOnly();
        }
    }

    /** @return the SQL state that refuses the query, or {@code rows:} and their number */
    public String look(String query, Object... parameters) {
        try {
            return "rows:" + sql.query(query, row -> 1, parameters).size();
        } catch (Sql.SqlFailure e) {
            return e.sqlState();
        } finally {
            session.setRollbackOnly();
        }
    }

    /** @return the SQL state that refuses the statement, or {@code accepted:} and the number of rows; nothing of it stays */
    public String attempt(String statement, Object... parameters) {
        try {
            return "accepted:" + sql.update(statement, parameters);
        } catch (Sql.SqlFailure e) {
            return e.sqlState();
        } finally {
            session.setRollbackOnly();
        }
    }
}
