package com.cognitionos.payment.entity;

/** What a provider says of a card that it keeps; {@code ref} is the provider's name for it. */
public record Card(String ref, String brand, String last4, int expMonth, int expYear) {}
