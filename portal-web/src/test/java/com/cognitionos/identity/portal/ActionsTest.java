package com.cognitionos.identity.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.Scope;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** POR-6 and POR-8: what a page can call says who may, and nothing is reachable that nobody thought of. */
class ActionsTest {

    private static final Path PAGES = Path.of("src/main/webapp");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern ACTION = Pattern.compile("(?:action|actionListener|listener)=\"#\\{(\\w+)\\.(\\w+)");

    private static final Pattern VARIABLE = Pattern.compile("\\bvar(?:Status)?=\"(\\w+)\"");

    /** Jakarta Faces, section 5.6.2.1. */
    private static final Set<String> IMPLICIT = Set.of(
            "application",
            "applicationScope",
            "cc",
            "component",
            "cookie",
            "externalContext",
            "facesContext",
            "flash",
            "flowScope",
            "header",
            "headerValues",
            "initParam",
            "param",
            "paramValues",
            "request",
            "requestScope",
            "resource",
            "session",
            "sessionScope",
            "view",
            "viewScope");

    /** Open to whoever gets to the page: signing in, and what people do with their own account. */
    private static final Set<String> OPEN = Set.of(
            "signInPage.open",
            "signInPage.openCode",
            "signInPage.submit",
            "signInPage.submitCode",
            "signUpPage.submit",
            "confirmPage.open",
            "confirmPage.submit",
            "ssoSignInPage.submit",
            "passwordResetPage.ask",
            "passwordResetPage.open",
            "passwordResetPage.submit",
            "invitationPage.open",
            "invitationPage.join",
            "invitationPage.accept",
            "mailPage.open",
            "accountPage.rename",
            "accountPage.changePassword",
            "accountPage.beginSecondFactor",
            "accountPage.cancelSecondFactor",
            "accountPage.confirmSecondFactor",
            "accountPage.renewRecoveryCodes",
            "accountPage.removeSecondFactor",
            "accountPage.endSession",
            "accountPage.endOtherSessions");

    /** What moves money or opens doors. */
    private static final Set<String> CONFIRMED = Set.of(
            "keysPage.create",
            "keysPage.rotate",
            "keysPage.revoke",
            "webhooksPage.add",
            "webhooksPage.remove",
            "webhookPage.save",
            "webhookPage.rotate",
            "billingPage.add",
            "billingPage.enter",
            "billingPage.manage",
            "billingPage.remove",
            "billingDetails.save",
            "couponSection.redeem",
            "couponSection.remove",
            "invoicePage.pay",
            "paymentsDue.pay",
            "dunningPage.retry",
            "dunningPage.stop",
            "dunningPolicyForm.save",
            "creditNoteForm.issue",
            "sellerPage.save",
            "planPage.change",
            "planPage.keep",
            "planPage.pause",
            "planPage.resume",
            "spendingCap.set",
            "spendingCap.remove",
            "addOnPage.publish",
            "addOnPage.archive",
            "planVersionPage.publish",
            "planVersionPage.archive",
            "planVersionPage.agree",
            "planMove.make",
            "invoiceRunsPage.start",
            "invoiceRunsPage.restart",
            "invoiceRunsPage.stop",
            "reconciliationPage.remedy",
            "chargesPage.charge",
            "chargesPage.takeBack",
            "chargesPage.grant",
            "chargesPage.endCredit",
            "couponsPage.add",
            "couponsPage.archive",
            "taxRatesPage.add",
            "taxRatesPage.end",
            "collectionMinimumsSection.set",
            "flagsPage.save",
            "flagsPage.switchOff",
            "teamPage.invite",
            "teamPage.changeRole",
            "teamPage.remove",
            "teamPage.leave",
            "staffPage.invite",
            "staffPage.changeRoles",
            "tenantsPage.suspend",
            "ssoPage.save",
            "ssoPage.remove",
            "accountPage.changePassword",
            "accountPage.beginSecondFactor",
            "accountPage.confirmSecondFactor",
            "accountPage.renewRecoveryCodes",
            "accountPage.removeSecondFactor");

    @Test
    void everyActionOfAPageNamesItsScope() {
        actions().forEach((name, method) -> {
            RequiresScope scope = method.getAnnotation(RequiresScope.class);
            if (OPEN.contains(name)) {
                assertThat(scope).as(name).isNull();
            } else {
                assertThat(scope).as(name + " names no scope").isNotNull();
                assertThat(allScopes()).as(name).contains(scope.value());
            }
        });
        assertThat(actions().keySet())
                .as("open ones that no page calls any more")
                .containsAll(OPEN);
    }

    @Test
    void whatMovesMoneyOrOpensDoorsIsConfirmed() {
        actions()
                .forEach((name, method) -> assertThat(method.isAnnotationPresent(StepUp.class))
                        .as(name)
                        .isEqualTo(CONFIRMED.contains(name)));
        assertThat(actions().keySet()).containsAll(CONFIRMED);
    }

    /** An interceptor only sees public methods that a subclass can take over. */
    @Test
    void everyActionCanBeIntercepted() {
        actions().forEach((name, method) -> {
            int modifiers = method.getModifiers();
            assertThat(Modifier.isPublic(modifiers) && !Modifier.isFinal(modifiers) && !Modifier.isStatic(modifiers))
                    .as(name)
                    .isTrue();
        });
    }

    @Test
    void aFormOfAConfirmedActionAsks() {
        for (Path page : pages()) {
            for (String form : read(page).split("<h:form ")) {
                String body = form.split("</h:form>")[0];
                boolean confirmed = ACTION.matcher(body)
                        .results()
                        .anyMatch(action -> CONFIRMED.contains(action.group(1) + "." + action.group(2)));
                assertThat(body.contains("<p:confirm"))
                        .as(page + ": form " + body.lines().findFirst().orElse(""))
                        .isEqualTo(confirmed);
            }
        }
    }

    /** A row by such a name is the implicit object instead: the page fails, or shows something else, where there is a row. */
    @Test
    void noRowHasTheNameOfAnImplicitObject() {
        for (Path page : pages()) {
            assertThat(VARIABLE.matcher(read(page)).results().map(found -> found.group(1)))
                    .as(page.toString())
                    .doesNotContainAnyElementsOf(IMPLICIT);
        }
    }

    @Test
    void everyPageIsInTheTable() {
        for (Path page : pages()) {
            if (page.startsWith(PAGES.resolve("WEB-INF"))) {
                continue;
            }
            String path = "/" + PAGES.relativize(page).toString().replace(".xhtml", "");
            assertThat(PageTable.of(path)).as(path).isPresent();
        }
        assertThat(PageTable.of("/no-such-page")).isEmpty();
        assertThat(PageTable.of("/home.xhtml")).isEmpty();
    }

    private static Set<String> allScopes() {
        Set<String> all = new HashSet<>(Scope.ofTenants());
        all.addAll(Scope.ofPlatform());
        return all;
    }

    private static Map<String, Method> actions() {
        Map<String, Class<?>> beans = beans();
        Map<String, Method> found = new HashMap<>();
        for (Path page : pages()) {
            ACTION.matcher(read(page)).results().forEach(action -> {
                String name = action.group(1) + "." + action.group(2);
                Class<?> bean = beans.get(action.group(1));
                assertThat(bean).as(page + " calls " + name).isNotNull();
                found.put(
                        name,
                        Arrays.stream(bean.getDeclaredMethods())
                                .filter(method ->
                                        method.getName().equals(action.group(2)) && method.getParameterCount() == 0)
                                .findFirst()
                                .orElseThrow(() -> new AssertionError(page + " calls " + name)));
            });
        }
        return found;
    }

    private static Map<String, Class<?>> beans() {
        return files(SOURCES, ".java").stream()
                .map(source -> SOURCES.relativize(source)
                        .toString()
                        .replace(".java", "")
                        .replace('/', '.'))
                .filter(name -> !name.endsWith("-info"))
                .map(ActionsTest::load)
                .filter(type -> type.isAnnotationPresent(Named.class))
                .collect(Collectors.toMap(ActionsTest::beanName, type -> type));
    }

    private static String beanName(Class<?> type) {
        String given = type.getAnnotation(Named.class).value();
        String simple = type.getSimpleName();
        return given.isEmpty() ? simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1) : given;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ActionsTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<Path> pages() {
        return files(PAGES, ".xhtml");
    }

    private static Set<Path> files(Path below, String suffix) {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(path -> path.toString().endsWith(suffix)).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
