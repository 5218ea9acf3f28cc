package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.Problem;
import jakarta.faces.context.FacesContext;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a page is about, as its address names it: looked up once a request, and 404 where there is no such thing. */
public final class Subject<T> {

    private final Supplier<T> lookUp;
    private @Nullable T found;
    private boolean missing;

    public Subject(Supplier<T> lookUp) {
        this.lookUp = lookUp;
    }

    /** Says 404 before anything is written; the error page of the container would render inside of the page. */
    public void open() {
        try {
            get();
        } catch (Problem problem) {
            missing = true;
            FacesContext.getCurrentInstance().getExternalContext().setResponseStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** @throws Problem NOT_FOUND */
    public T get() {
        if (found == null) {
            found = lookUp.get();
        }
        return found;
    }

    /** It has become this. */
    public void is(T changed) {
        found = changed;
    }

    /** It is looked up again. */
    public void changed() {
        found = null;
    }

    public boolean isMissing() {
        return missing;
    }
}
