package com.cognitionos.stripe;

import com.stripe.exception.StripeException;
import com.stripe.net.ApiRequest;
import com.stripe.net.StripeResponseGetter;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the product asks of Stripe, read from its byte code: each method of stripe-java that is called and can fail by a
 * StripeException sends a request. Which one, the library itself says: the method is called with a transport that only notes
 * method and path.
 */
final class UsedOperations {

    private static final String LIBRARY = "com.stripe.";

    private UsedOperations() {}

    /** @param known the double's; what it does not know is told as method and path */
    static Set<String> ofTheProduct(List<Operation> known) {
        JavaClasses product =
                new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("com.cognitionos");
        Set<String> used = new TreeSet<>();
        product.stream()
                .flatMap(UsedOperations::uses)
                .filter(target -> target.getOwner().getName().startsWith(LIBRARY))
                .map(UsedOperations::method)
                .filter(UsedOperations::asks)
                .distinct()
                .forEach(method -> used.add(operation(sent(method), known)));
        return used;
    }

    private static Stream<AccessTarget.CodeUnitAccessTarget> uses(JavaClass ours) {
        return Stream.concat(ours.getMethodCallsFromSelf().stream(), ours.getMethodReferencesFromSelf().stream())
                .map(JavaAccess::getTarget);
    }

    private static Method method(AccessTarget.CodeUnitAccessTarget target) {
        Class<?>[] parameters =
                target.getRawParameterTypes().stream().map(JavaClass::reflect).toArray(Class<?>[]::new);
        try {
            return target.getOwner().reflect().getMethod(target.getName(), parameters);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("The product calls what stripe-java does not have: " + target.getFullName(), e);
        }
    }

    private static boolean asks(Method method) {
        return Arrays.stream(method.getExceptionTypes()).anyMatch(StripeException.class::isAssignableFrom);
    }

    private static String operation(String request, List<Operation> known) {
        String[] parts = request.split(" ", 2);
        return known.stream()
                .filter(operation -> operation.match(parts[0], parts[1]).isPresent())
                .map(Operation::id)
                .findFirst()
                .orElse(request);
    }

    private static String sent(Method method) {
        List<String> sent = new ArrayList<>();
        Object notes = Proxy.newProxyInstance(
                UsedOperations.class.getClassLoader(),
                new Class<?>[] {StripeResponseGetter.class},
                (proxy, called, arguments) -> {
                    if (arguments[0] instanceof ApiRequest request) {
                        sent.add(request.getMethod() + " " + request.getPath());
                    }
                    return null;
                });
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == String.class ? "id" : null)
                .toArray();
        try {
            Object service = method.getDeclaringClass()
                    .getConstructor(StripeResponseGetter.class)
                    .newInstance(notes);
            method.invoke(service, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("It cannot be told what is sent by " + method, e);
        }
        if (sent.size() != 1) {
            throw new AssertionError("Not one request is sent by " + method + ": " + sent);
        }
        return sent.get(0);
    }
}
