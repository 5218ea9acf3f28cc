package com.cognitionos.payment.portal;

/** The cards of the built-in test provider, with what each of them does. */
public enum TestCard {
    VISA("pm_card_visa", "Visa ending 4242", "every charge succeeds"),
    MASTERCARD("pm_card_mastercard", "Mastercard ending 4444", "every charge succeeds"),
    CHARGE_FAILS("pm_card_chargeCustomerFail", "Visa ending 0341", "can be added, then every charge is declined"),
    DECLINED("pm_card_visa_chargeDeclined", "Visa ending 0002", "declined as soon as it is added");

    private final String token;
    private final String label;
    private final String effect;

    TestCard(String token, String label, String effect) {
        this.token = token;
        this.label = label;
        this.effect = effect;
    }

    public String getToken() {
        return token;
    }

    public String getText() {
        return label + ": " + effect;
    }
}
