@NullMarked
package com.cognitionos.alert.entity;

import org.jspecify.annotations.NullMarked;
