#!/usr/bin/perl
# Signs requests for Kayako Classic through libkayako_sign, by FFI::Platypus.
#
#     KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... perl kayako_sign.pl

package Kayako::Signer;

use strict;
use warnings;
use FFI::Platypus 2.00;
use FFI::Platypus::Buffer qw(grow scalar_to_pointer set_used_length);

my $library = FFI::Platypus->new( api => 2, lib => 'libkayako_sign.so.0' );
my @bytes   = ( 'string', 'size_t' );
my @out     = ( 'opaque', 'size_t', 'size_t*' );
$library->attach( kayako_signer_new           => [ @bytes, @bytes, 'opaque*' ] => 'sint32' );
$library->attach( kayako_signer_free          => ['opaque']                    => 'void' );
$library->attach( kayako_signer_insertion_max => ['opaque']                    => 'size_t' );
$library->attach( kayako_signer_sign          => [ 'opaque', @bytes, @out ]    => 'sint32' );
$library->attach( kayako_signer_credentials   => [ 'opaque', @out ]            => 'sint32' );
$library->attach( kayako_signer_sign_url      => [ 'opaque', @bytes, @out ]    => 'sint32' );
$library->attach( kayako_signer_verify        => [ 'opaque', @bytes, @bytes ]  => 'sint32' );
$library->attach( kayako_status_message       => ['sint32']                    => 'string' );
$library->attach( kayako_signature_len        => []                            => 'size_t' );

# Makes a signer. Keys and salts are bytes: encode text beyond ASCII first, as by Encode::encode('UTF-8', ...).
# Perl's own copies of a key cannot be wiped; the library's copy is, when the signer is destroyed.
sub new {
    my ( $class, $api_key, $secret_key ) = @_;
    my $handle;
    _check( kayako_signer_new( _bytes($api_key), _bytes($secret_key), \$handle ) );
    return bless { handle => $handle, room => kayako_signer_insertion_max($handle) }, $class;
}

# A new thread gets no copy of a signer, because both would free it.
sub CLONE_SKIP { return 1 }

sub DESTROY {
    my ($self) = @_;
    return kayako_signer_free( delete $self->{handle} );
}

# Returns the signature of a salt, as base64.
sub sign {
    my ( $self, $salt ) = @_;
    return _text( \&kayako_signer_sign, kayako_signature_len(), $self->{handle}, _bytes($salt) );
}

# Returns apikey=...&salt=...&signature=... with a fresh salt, for one request.
sub credentials {
    my ($self) = @_;
    return _text( \&kayako_signer_credentials, $self->{room}, $self->{handle} );
}

# Returns the URL of a GET or DELETE request with credentials in it, for one request.
sub sign_url {
    my ( $self, $url ) = @_;
    return _text( \&kayako_signer_sign_url, length($url) + $self->{room}, $self->{handle}, _bytes($url) );
}

# Returns whether a signature is that of a salt; false for any error, too.
sub verify {
    my ( $self, $salt, $signature ) = @_;
    return kayako_signer_verify( $self->{handle}, _bytes($salt), _bytes($signature) ) == 0;
}

# Refuses text beyond bytes, of which Perl would silently sign its internal form.
sub _bytes {
    my ($text) = @_;
    utf8::downgrade( $text, 1 ) or die "text beyond ASCII: encode it first\n";
    return ( $text, length $text );
}

# Dies with an error, unless the status is OK.
sub _check {
    my ($status) = @_;
    die Kayako::Signer::Error->new($status) if $status != 0;
    return;
}

# Calls a function that writes a text of at most $max bytes.
sub _text {
    my ( $function, $max, @inputs ) = @_;
    grow( my $out, $max + 1 );
    _check( $function->( @inputs, scalar_to_pointer($out), $max + 1, \my $length ) );
    set_used_length( $out, $length );
    return $out;
}

# An error of the library, with its status. As a string it is the message.
package Kayako::Signer::Error;

use overload '""' => sub { return Kayako::Signer::kayako_status_message( $_[0]{status} ) }, fallback => 1;

sub new {
    my ( $class, $status ) = @_;
    return bless { status => $status }, $class;
}

package main;

unless (caller) {
    my $signer    = Kayako::Signer->new( @ENV{qw(KAYAKO_API_KEY KAYAKO_SECRET_KEY)} );
    my $signature = $signer->sign('1234567890');
    print "signature: $signature\n";
    print "credentials: @{[ $signer->credentials ]}\n";
    print "URL: @{[ $signer->sign_url('https://help.example.com/api/index.php?/Base/User/1') ]}\n";
    print "verified: ${\( $signer->verify( '1234567890', $signature ) ? 'true' : 'false' )}\n";
    eval { $signer->sign('') } or print "error: $@\n";
}

1;
