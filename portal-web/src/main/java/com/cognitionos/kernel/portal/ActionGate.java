package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.el.MethodExpression;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.faces.component.ActionSource;
import jakarta.faces.component.UIComponent;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseEvent;
import jakarta.faces.event.PhaseId;
import jakarta.faces.event.PhaseListener;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a form that asks for an action which the person's role does not have (POR-6). Faces passes over a button that
 * is not shown to somebody and would show the page again, as if nothing had been asked for.
 */
public class ActionGate implements PhaseListener {

    private static final long serialVersionUID = 1L;

    /** What a client id looks like; in rows, which repeat one component, with the row's number. */
    private static final Pattern ID = Pattern.compile("[\\w:-]{1,200}");

    private static final Pattern ROW = Pattern.compile(":\\d+(?=:)");
    private static final Pattern ACTION = Pattern.compile("#\\{(\\w+)\\.(\\w+)\\(\\)}");

    @Override
    public PhaseId getPhaseId() {
        return PhaseId.RESTORE_VIEW;
    }

    @Override
    public void afterPhase(PhaseEvent event) {
        FacesContext faces = event.getFacesContext();
        if (!faces.isPostback() || faces.getResponseComplete()) {
            return;
        }
        Map<String, String> parameters = faces.getExternalContext().getRequestParameterMap();
        // A button's name comes with the form that it sends; a background request names it as its source.
        Stream.concat(parameters.keySet().stream(), Stream.ofNullable(parameters.get("jakarta.faces.source")))
                .filter(id -> ID.matcher(id).matches())
                .map(id -> find(faces, ROW.matcher(id).replaceAll("")))
                .forEach(ActionGate::check);
    }

    /** Whether it is shown or not. */
    private static @Nullable UIComponent find(FacesContext faces, String id) {
        try {
            return faces.getViewRoot().findComponent(id);
        } catch (IllegalArgumentException nothingIsInThere) {
            return null;
        }
    }

    private static void check(@Nullable UIComponent component) {
        MethodExpression action = component instanceof ActionSource button ? button.getActionExpression() : null;
        if (action == null) {
            return;
        }
        Matcher call = ACTION.matcher(action.getExpressionString());
        if (!call.matches()) {
            throw new IllegalStateException("not an action as our pages have them: " + action.getExpressionString());
        }
        RequiresScope scope = method(call.group(1), call.group(2)).getAnnotation(RequiresScope.class);
        if (scope != null) {
            Caller.current().require(scope.value());
        }
    }

    private static Method method(String name, String method) {
        BeanManager beans = CDI.current().getBeanManager();
        Bean<?> bean = beans.resolve(beans.getBeans(name));
        return Arrays.stream(bean.getBeanClass().getMethods())
                .filter(found -> found.getName().equals(method))
                .findFirst()
                .orElseThrow();
    }
}
