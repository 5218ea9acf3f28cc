@NullMarked
package com.cognitionos.dunning.entity;

import org.jspecify.annotations.NullMarked;
