package com.cognitionos.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.Scope;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RES-1: every method says who may call it. */
class AccessTest {

    @Test
    void everyMethodIsPublicOrNamesAScopeThatKeysCanHave() throws Exception {
        Set<String> scopes = new HashSet<>(Scope.ofTenants());
        scopes.addAll(Scope.ofPlatform());

        List<Method> methods = resourceMethods();

        assertThat(methods).hasSizeGreaterThan(30).allSatisfy(method -> {
            RequiresScope scope = method.getAnnotation(RequiresScope.class);
            assertThat(scope != null)
                    .as("%s says who may call it, once", method)
                    .isNotEqualTo(method.isAnnotationPresent(Public.class));
            if (scope != null) {
                assertThat(scopes).contains(scope.value());
            }
        });
    }

    @Test
    void aMethodThatNamesNoScopeIsNobodys() throws Exception {
        Method silent = Object.class.getMethod("toString");
        assertThatThrownBy(() -> ScopeGate.scope(silent))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.FORBIDDEN));
    }

    /** RES-2: should gate and resource ever read a path differently. */
    @Test
    void aPathsTenantIsTheSelectedOne() {
        UUID own = UUID.randomUUID();
        ScopeGate.requireSelected(null, own);
        ScopeGate.requireSelected(own.toString(), own);
        UUID other = UUID.randomUUID();
        for (String named : List.of(other.toString(), "", "nonsense")) {
            assertThatThrownBy(() -> ScopeGate.requireSelected(named, own)).isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> ScopeGate.requireSelected(own.toString(), null))
                .isInstanceOf(Problem.class);
    }

    @Test
    void onlyTheCatalogueAndWhatIsSignedArePublic() throws Exception {
        assertThat(resourceMethods().stream().filter(method -> method.isAnnotationPresent(Public.class)))
                .extracting(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
                .containsExactlyInAnyOrder("PlansResource.onSale", "StripeWebhookResource.receive");
    }

    @Test
    void aSuspendedTenantReachesItsBillingAndReadsItself() throws Exception {
        assertThat(resourceMethods().stream().filter(ScopeGate::isOpenWhenSuspended))
                .extracting(method -> method.getDeclaringClass().getSimpleName())
                .containsOnly(
                        "PlansResource",
                        "StripeWebhookResource",
                        "TenantsResource",
                        "TenantSettingsResource",
                        "TestClockResource",
                        "LiveSubscription",
                        "CurrentSubscriptionResource",
                        "SubscriptionsResource",
                        "SubscriptionAddOnsResource",
                        "InvoicesResource",
                        "CreditNotesResource",
                        "StatementResource",
                        "BillingProfileResource",
                        "BalanceResource",
                        "PrepaidCreditsResource",
                        "PaymentMethodsResource");
    }

    /** MET-11: usage ingestion, billing, and asking what may be used; a plan's included calls are for the rest. */
    @Test
    void everyCallCountsButUsageAndBilling() throws Exception {
        assertThat(resourceMethods().stream()
                        .filter(ScopeGate::isUncounted)
                        .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName()))
                .containsOnly(
                        "CurrentSubscriptionResource.current",
                        "SubscriptionsResource.subscribe",
                        "SubscriptionAddOnsResource.list",
                        "SubscriptionAddOnsResource.attach",
                        "SubscriptionAddOnsResource.change",
                        "SubscriptionAddOnsResource.remove",
                        "LiveSubscription.cancel",
                        "LiveSubscription.reactivate",
                        "LiveSubscription.preview",
                        "LiveSubscription.upgrade",
                        "LiveSubscription.downgrade",
                        "LiveSubscription.pause",
                        "LiveSubscription.resume",
                        "LiveSubscription.anchor",
                        "LiveSubscription.usage",
                        "LiveSubscription.invoices",
                        "InvoicesResource.list",
                        "InvoicesResource.get",
                        "InvoicesResource.pdf",
                        "InvoicesResource.pay",
                        "StatementResource.own",
                        "BillingProfileResource.get",
                        "BillingProfileResource.change",
                        "BalanceResource.get",
                        "PrepaidCreditsResource.list",
                        "InvoicesResource.xml",
                        "InvoicesResource.ubl",
                        "LiveSubscription.coupons",
                        "LiveSubscription.redeem",
                        "LiveSubscription.giveAway",
                        "CreditNotesResource.list",
                        "CreditNotesResource.get",
                        "CreditNotesResource.pdf",
                        "CreditNotesResource.xml",
                        "CreditNotesResource.ubl",
                        "PaymentMethodsResource.list",
                        "PaymentMethodsResource.add",
                        "PaymentMethodsResource.remove",
                        "PaymentMethodsResource.setUp",
                        "PaymentMethodsResource.portal",
                        "BudgetsResource.list",
                        "BudgetsResource.get",
                        "BudgetsResource.create",
                        "BudgetsResource.change",
                        "BudgetsResource.delete",
                        "UsageResource.ingest",
                        "UsageResource.retract",
                        "UsageUploadsResource.bring",
                        "UsageUploadsResource.start",
                        "UsageUploadsResource.stop",
                        "UsageUploadsResource.discard",
                        "EntitlementsResource.all",
                        "EntitlementsResource.check",
                        "EntitlementsResource.cap",
                        "EntitlementsResource.reserve",
                        "EntitlementsResource.commit",
                        "EntitlementsResource.release");
    }

    @Test
    void aMethodThatWritesAsksForMoreThanReading() throws Exception {
        // A preview has a body to say what is imagined, and changes nothing.
        assertThat(resourceMethods().stream()
                        .filter(AccessTest::writes)
                        .filter(method ->
                                !method.getName().equals("preview") && !method.isAnnotationPresent(Public.class)))
                .allSatisfy(method -> assertThat(
                                method.getAnnotation(RequiresScope.class).value())
                        .endsWith(":write"));
    }

    /** A field that nobody thought about would be null in the resource. */
    @Test
    void everyFieldOfARequestIsRequiredOrNullable() throws Exception {
        assertThat(resourceMethods().stream()
                        .flatMap(method -> Arrays.stream(method.getParameterTypes()))
                        .filter(type -> type.isRecord() && type != Body.class)
                        .flatMap(type -> Arrays.stream(type.getRecordComponents())))
                .hasSizeGreaterThan(20)
                .allSatisfy(component -> assertThat(RecordBinding.isRequired(component))
                        .as("%s of %s", component, component.getDeclaringRecord())
                        .isNotEqualTo(component.getAnnotatedType().isAnnotationPresent(Nullable.class)));
    }

    private static boolean writes(Method method) {
        return !verb(method).equals("GET");
    }

    private static String verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(verb -> verb != null)
                .map(HttpMethod::value)
                .findFirst()
                .orElse("");
    }

    private static List<Method> resourceMethods() throws IOException, URISyntaxException {
        java.nio.file.Path root = java.nio.file.Path.of(ApiApplication.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<java.nio.file.Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> root.relativize(file)
                            .toString()
                            .replace(".class", "")
                            .replace('/', '.'))
                    .map(AccessTest::load)
                    .filter(type -> type.isAnnotationPresent(Path.class) && !Modifier.isAbstract(type.getModifiers()))
                    .flatMap(type -> Arrays.stream(type.getMethods()))
                    .filter(method -> !method.isBridge() && !verb(method).isEmpty())
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, AccessTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
