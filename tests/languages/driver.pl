#!/usr/bin/perl
# Runs calls of the example for Perl: each line of standard input is a call, and each line of standard output its answer.

use strict;
use warnings;

require $ENV{EXAMPLE};

while ( my $line = <STDIN> ) {
    chomp $line;
    my ( $operation, @values ) = split /\t/, $line, -1;
    my ( $api_key, $secret_key, @inputs ) = map { pack 'H*', $_ } @values;
    my $answer = eval { Kayako::Signer->new( $api_key, $secret_key )->$operation(@inputs) };
    my $error  = $@;
    my $status = ref $error ? $error->{status} : 0;
    ( $status || $error eq '' ) or die $error;
    $answer = $answer ? 'true' : 'false' if $operation eq 'verify';
    printf "%d\t%s\n", $status, unpack 'H*', $status ? "$error" : $answer;
}
