@NullMarked
package com.cognitionos.invoicing.entity;

import org.jspecify.annotations.NullMarked;
