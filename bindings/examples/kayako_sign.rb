# frozen_string_literal: true

# Signs requests for Kayako Classic through libkayako_sign, by Fiddle, which comes with Ruby.
#
#     KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... ruby kayako_sign.rb
require 'fiddle/import'

# Signs with an API key and a secret key. Ruby's own strings cannot be wiped; close wipes the library's copy.
class KayakoSigner
  # The functions of kayako_sign.h that are used here.
  module Library
    extend Fiddle::Importer
    dlload 'libkayako_sign.so.0'
    extern 'int kayako_signer_new(const char *, size_t, const char *, size_t, void *)'
    extern 'void kayako_signer_free(void *)'
    extern 'size_t kayako_signer_insertion_max(void *)'
    extern 'int kayako_signer_sign(void *, const void *, size_t, char *, size_t, size_t *)'
    extern 'int kayako_signer_credentials(void *, char *, size_t, size_t *)'
    extern 'int kayako_signer_sign_url(void *, const char *, size_t, char *, size_t, size_t *)'
    extern 'int kayako_signer_verify(void *, const void *, size_t, const char *, size_t)'
    extern 'const char *kayako_status_message(int)'
    extern 'size_t kayako_signature_len()'
  end

  # An error of the library, with its status.
  class Error < StandardError
    attr_reader :status

    def initialize(status)
      @status = status
      super(Library.kayako_status_message(status).to_s)
    end
  end

  def initialize(api_key, secret_key)
    handle = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
    check Library.kayako_signer_new(api_key, api_key.bytesize, secret_key, secret_key.bytesize, handle)
    # Freed with this object, unless close comes first.
    @handle = Fiddle::Pointer.new(handle.ptr.to_i, 0, Library['kayako_signer_free'])
    @room = Library.kayako_signer_insertion_max(@handle)
  end

  def close
    @handle&.call_free
    @handle = nil
  end

  # Returns the signature of a salt, as base64.
  def sign(salt)
    text(Library.kayako_signature_len) do |*out|
      Library.kayako_signer_sign(@handle, salt, salt.bytesize, *out)
    end
  end

  # Returns apikey=...&salt=...&signature=... with a fresh salt, for one request.
  def credentials
    text(@room) { |*out| Library.kayako_signer_credentials(@handle, *out) }
  end

  # Returns the URL of a GET or DELETE request with credentials in it, for one request.
  def sign_url(url)
    text(url.bytesize + @room) { |*out| Library.kayako_signer_sign_url(@handle, url, url.bytesize, *out) }
  end

  # Returns whether a signature is that of a salt; false for any error, too.
  def verify(salt, signature)
    Library.kayako_signer_verify(@handle, salt, salt.bytesize, signature, signature.bytesize).zero?
  end

  private

  def check(status)
    raise Error, status unless status.zero?
  end

  # Calls a function that writes a text of at most max bytes.
  def text(max)
    out = "\0".b * (max + 1)
    length = "\0".b * Fiddle::SIZEOF_SIZE_T
    check yield(out, out.bytesize, length)
    out.byteslice(0, length.unpack1('J')).force_encoding(Encoding::UTF_8)
  end
end

if $PROGRAM_NAME == __FILE__
  signer = KayakoSigner.new(ENV.fetch('KAYAKO_API_KEY'), ENV.fetch('KAYAKO_SECRET_KEY'))
  signature = signer.sign('1234567890')
  puts "signature: #{signature}"
  puts "credentials: #{signer.credentials}"
  puts "URL: #{signer.sign_url('https://help.example.com/api/index.php?/Base/User/1')}"
  puts "verified: #{signer.verify('1234567890', signature)}"
  begin
    signer.sign('')
  rescue KayakoSigner::Error => e
    puts "error: #{e.message}"
  end
  signer.close
end
